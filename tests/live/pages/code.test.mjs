import assert from "node:assert/strict";
import test from "node:test";

import { readCode } from "../live/code.js";

test("a code is found in what people type", () => {
  for (const typed of ["ABC234", "abc234", " a b c 2 3 4 ", "ABC-234", "abc.234", "ＡＢＣ２３４", "A\u00a0B\u200bC234"]) {
    assert.deepEqual(readCode(typed), { code: "ABC234", problem: "", wrong: "" }, typed);
  }
});

test("what cannot be a code is told apart from what may be another room's", () => {
  assert.deepEqual(readCode("AB0DE2"), { code: "AB0DE2", problem: "signs", wrong: "0" });
  assert.deepEqual(readCode("O1iLAB"), { code: "O1ILAB", problem: "signs", wrong: "O 1 I L" });
  assert.equal(readCode("ÄBC234").problem, "signs");
  assert.equal(readCode("A B C D").problem, "length");
  assert.equal(readCode("ABC23").problem, "length");
  assert.equal(readCode("ABC2345").problem, "length");
  assert.equal(readCode(" - ").problem, "empty");
});
