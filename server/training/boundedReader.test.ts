import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { FrameMeter } from "./boundedReader.ts";

const frame = (body: string): string => `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const taken = (meter: FrameMeter, ...chunks: string[]): boolean[] =>
  chunks.map((chunk) => meter.take(Buffer.from(chunk)));

test("frames pass however they are cut, up to the bound and not a byte beyond", () => {
  const bodies = fc.array(fc.string({ minLength: 1, maxLength: 40, unit: "binary" }), { maxLength: 5 });
  fc.assert(
    fc.property(bodies, fc.array(fc.nat(400), { maxLength: 8 }), (texts, cuts) => {
      const bytes = Buffer.from(texts.map(frame).join(""));
      const longest = Math.max(0, ...texts.map((text) => Buffer.byteLength(text)));
      for (const [most, fits] of [[longest, true] as const, [longest - 1, texts.length === 0] as const]) {
        const meter = new FrameMeter({ bytes: most });
        const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        let from = 0;
        let passed = true;
        for (const end of ends) {
          passed &&= meter.take(bytes.subarray(from, end));
          from = end;
        }
        assert.equal(passed, fits);
      }
    }),
    { seed: 31, numRuns: 60 },
  );
});

test("a length that nobody could keep is refused as soon as it is claimed", () => {
  assert.deepEqual(taken(new FrameMeter({ bytes: 100 }), "Content-Length: 1000000000\r\n\r\n"), [false]);
  assert.deepEqual(taken(new FrameMeter({ bytes: 100 }), "Content-Length: 99999999999\r\n\r\n"), [false]);
});

test("headers that another reader could take for something else are refused", () => {
  for (const header of [
    "Content-Length: 0",
    "Content-Length: 1\r\nContent-Length: 90",
    "Content-Length: 1, 90",
    "content-length: 5",
    "Content-Length: 5\r",
    "Content-Length: -5",
    "Content-Length: 0x9",
    "Content-Type: text\r\nContent-Length: 5",
    "",
  ])
    assert.deepEqual(taken(new FrameMeter({ bytes: 100 }), `${header}\r\n\r\n`), [false], JSON.stringify(header));
});

test("a header that never ends is not kept", () => {
  const meter = new FrameMeter({ bytes: 100 });
  assert.deepEqual(taken(meter, "Content-Length: 1", "1".repeat(20)), [true, false]);
});

test("the bound may be raised between two messages", () => {
  const bound = { bytes: 2 };
  const meter = new FrameMeter(bound);
  assert.deepEqual(taken(meter, frame("ab")), [true]);
  bound.bytes = 4;
  assert.deepEqual(taken(meter, frame("abcd"), frame("abcde")), [true, false]);
});
