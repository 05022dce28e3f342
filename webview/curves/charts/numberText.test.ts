import assert from "node:assert/strict";
import test from "node:test";
import { tickText, toldText, valueText } from "./numberText.ts";

test("values are written as their chart reads them", () => {
  assert.equal(valueText(0.4567, "share"), "45.7 %");
  assert.equal(valueText(12345, "count"), "12,345");
  assert.equal(valueText(31.25, "count"), "31.3");
  assert.equal(valueText(-0.00001234, "small"), "−1.23e−5");
  assert.equal(valueText(0.12345, "number"), "0.1235");
  assert.equal(valueText(0.5, "number"), "0.5000", "digits of a column stand below one another");
  assert.equal(valueText(1234.5, "rate"), "1,235");
});

test("an interval stands behind its value", () => {
  assert.equal(toldText({ value: 0.475, interval: [0.4264, 0.524] }, "share"), "47.5 % (42.6 % to 52.4 %)");
  assert.equal(toldText({ value: 2, interval: undefined }, "number"), "2");
});

test("ticks are short", () => {
  assert.equal(tickText(0.2, "share"), "20 %");
  assert.equal(tickText(25000, "rate"), "25k");
  assert.equal(tickText(1e-6, "small"), "1.0e−6");
  assert.equal(tickText(0, "small"), "0");
});
