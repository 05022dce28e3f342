import assert from "node:assert/strict";
import test from "node:test";
import { formatNamed } from "./formats.ts";

const cases: [format: string, right: string[], wrong: string[]][] = [
  ["date", ["2024-02-29", "2023-12-31"], ["2023-02-29", "2024-13-01", "2024-00-10", "24-01-01", "2024-1-1", ""]],
  [
    "time",
    ["09:30:00Z", "23:59:60Z", "00:59:60+01:00", "12:00:00.5-03:30"],
    ["09:30:00", "24:00:00Z", "12:00:60Z", "9:30:00Z"],
  ],
  [
    "date-time",
    ["2024-05-31T09:30:00Z", "2024-05-31t09:30:00+02:00"],
    ["2024-05-31", "2024-05-31T09:30:00", "2024-02-30T00:00:00Z"],
  ],
  [
    "email",
    ["a@example.org", "a.b+c@example.org"],
    ["example.org", "@example.org", "a@", ".a@example.org", "a..b@example.org"],
  ],
  ["hostname", ["example.org", "a"], ["-a.org", "a..org", "", `${"a".repeat(64)}.org`]],
  ["ipv4", ["0.0.0.0", "255.255.255.255"], ["256.0.0.1", "1.2.3", "01.2.3.4", "1.2.3.4."]],
  ["uri", ["https://example.org/a?b#c", "urn:isbn:1"], ["example.org", "/a", "http://a b/", "https://ü.org/"]],
  ["uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567e89b12d3a456426614174000", "x"]],
];

for (const [name, right, wrong] of cases) {
  test(`the format ${name}`, () => {
    const format = formatNamed(name);
    for (const text of right) assert.equal(format?.holds(text), true, text);
    for (const text of wrong) assert.equal(format?.holds(text), false, text);
  });
}

test("a format nobody knows is not checked, whatever it is called", () => {
  for (const name of ["phone", "__proto__", "constructor"]) assert.equal(formatNamed(name), undefined);
});

test("a text longer than any of a format is refused before it is read", () => {
  assert.equal(formatNamed("email")?.holds(`${"a".repeat(10_000_000)}@example.org`), false);
});
