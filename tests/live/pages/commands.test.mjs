import assert from "node:assert/strict";
import test from "node:test";

import { Commands } from "../live/commands.js";

/** A facilitator's screen without a page. */
function screen(mock) {
  const seen = { sent: [], said: [], checks: 0, reconnects: 0, version: 7, line: true };
  const commands = new Commands({
    send: (message) => seen.line && seen.sent.push(message) > 0,
    check: () => (seen.checks += 1),
    reconnect: () => (seen.reconnects += 1),
    version: () => seen.version,
    say: (key, what) => seen.said.push(`${key} ${what}`),
  });
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  return { seen, commands };
}

const close = { make: () => ({ t: "close" }), what: "sluit" };
const hide = { make: () => ({ t: "hide", on: false }), what: "toon" };

test("one by one, each with the version of what was seen", ({ mock }) => {
  const { seen, commands } = screen(mock);
  commands.give(close);
  commands.give(hide);
  assert.deepEqual(seen.sent, [{ version: 7, t: "close" }]);
  seen.version = 8;
  commands.state(8);
  commands.done();
  assert.deepEqual(seen.sent[1], { version: 8, t: "hide", on: false });
  assert.deepEqual(seen.said, ["done_command sluit"]);
});

test("without an answer she hears so within three seconds, and gets another connection", ({ mock }) => {
  const { seen, commands } = screen(mock);
  commands.give(close);
  mock.timers.tick(3000);
  assert.deepEqual([seen.said, seen.checks], [["command_slow sluit"], 1]);
  mock.timers.tick(9000);
  assert.equal(seen.reconnects, 1);
});

test("soon after a lost connection the same goes once more, with the same version", ({ mock }) => {
  const { seen, commands } = screen(mock);
  commands.give(close);
  commands.lost();
  mock.timers.tick(5000);
  commands.state(7);
  assert.deepEqual(seen.sent, [{ version: 7, t: "close" }, { version: 7, t: "close" }]);
  commands.done();
  assert.equal(seen.said.at(-1), "done_command sluit");
});

test("long after it nothing is carried out: she hears so, and what was to follow is dropped", ({ mock }) => {
  const { seen, commands } = screen(mock);
  commands.give(close);
  commands.give(hide);
  commands.lost();
  mock.timers.tick(21_000);
  commands.state(7);
  assert.equal(seen.said.at(-1), "command_not_done sluit");
  assert.deepEqual([seen.sent.length, commands.busy], [1, false]);
  // And should it come through after all, she hears that too.
  commands.state(8);
  assert.equal(seen.said.at(-1), "command_late sluit");
});

test("done while the connection was away: she is asked to look", ({ mock }) => {
  const { seen, commands } = screen(mock);
  commands.give(close);
  commands.lost();
  commands.state(8);
  assert.equal(seen.said.at(-1), "command_perhaps sluit");
  assert.deepEqual([seen.sent.length, commands.busy], [1, false]);
});

test("without a connection nothing waits to be carried out later", ({ mock }) => {
  const { seen, commands } = screen(mock);
  seen.line = false;
  commands.give(close);
  assert.deepEqual([seen.said, seen.checks, commands.busy], [["command_no_line sluit"], 1, false]);
  seen.line = true;
  commands.state(7);
  assert.deepEqual(seen.sent, []);
});

test("what is refused takes along what was to follow", ({ mock }) => {
  const { seen, commands } = screen(mock);
  commands.give(close);
  commands.give(hide);
  commands.refused();
  assert.deepEqual([seen.sent.length, commands.busy], [1, false]);
});
