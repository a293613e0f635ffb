import assert from "node:assert/strict";
import test from "node:test";

import { flows } from "../live/flows.js";
import { headline, present } from "../live/says.js";

const plane = { minimum: 0, maximum: 100, border: 50, band: 5 };
const many = (count, arrow) => Array.from({ length: count }, () => arrow);

test("who goes the same way is one stream, from where they began to where they end", () => {
  const found = flows([...many(6, [80, 20, 80, 80]), ...many(4, [70, 10, 90, 90])], plane);
  assert.deepEqual(found, [{ arrow: [76, 16, 84, 84], people: 10 }]);
});

test("fewer than five, and who stays in the same part, are in no stream", () => {
  assert.deepEqual(flows([...many(4, [80, 20, 80, 80]), ...many(50, [80, 20, 90, 10])], plane), []);
});

test("the largest streams are drawn, the largest of them last", () => {
  const places = [10, 50, 90];
  const arrows = places.flatMap((to, n) => places.flatMap((group, m) => many(5 + 3 * n + m, [10, group, to, 90 - group])));
  const people = flows(arrows, plane).map((one) => one.people);
  assert.ok(people.length <= 7);
  assert.deepEqual(people, [...people].sort((a, b) => a - b));
});

test("one sentence for how a hall moved", () => {
  const words = Object.fromEntries(["moved", "still"].flatMap((how) => ["less", "more", "same"].map((way) => [`headline_${how}_${way}`, `${how} ${way} {points}`])));
  const said = (person, group, before, after) => headline({ person, group, spread_before: before, spread_after: after }, { words });
  assert.equal(said(12, 17, 33, 22), "moved less 21");
  assert.equal(said(-3, 0, 20, 31), "moved more 3");
  assert.equal(said(1, 1, 20, 21), "still same 1");
});

test("in the room is who is there", () => {
  assert.equal(present({ here: 3, people: 9 }), 3);
  assert.equal(present({ here: 0, people: 9 }), 0);
  assert.equal(present({ people: 9 }), 9);
});
