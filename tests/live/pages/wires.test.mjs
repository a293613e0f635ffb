import assert from "node:assert/strict";
import test from "node:test";

import { bundle, fresh } from "../live/wires.js";

test("of answers that crossed, each message is heard once", () => {
  assert.deepEqual(fresh({ upto: 3, messages: ["a", "b", "c"] }, 0), ["a", "b", "c"]);
  assert.deepEqual(fresh({ upto: 5, messages: ["c", "d", "e"] }, 3), ["d", "e"]);
  assert.deepEqual(fresh({ upto: 3, messages: ["a", "b", "c"] }, 5), []);
  assert.deepEqual(fresh({ upto: 5, messages: [] }, 5), []);
});

test("what is overtaken does not go, the rest goes in its order, forty at most", () => {
  const place = (seq, round = 1) => ({ t: "place", round, seq });
  const argue = { t: "argue", round: 1, seq: 2 };
  assert.deepEqual(bundle([place(1), argue, place(3), place(4)]), [[argue, place(4)], []]);
  assert.deepEqual(bundle([place(1), place(2, 2)])[0], [place(1), place(2, 2)]);
  const supports = Array.from({ length: 50 }, (_, seq) => ({ t: "support", seq }));
  const [now, later] = bundle(supports);
  assert.deepEqual([now.length, later.length, later[0].seq], [40, 10, 40]);
});
