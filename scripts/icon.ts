/**
 * Draws media/icon.png: one prompt on the left, its group of four completions on the right, one of them right.
 * A drawing in code, since the packager takes no SVG and a picture should be reproducible: node scripts/icon.ts
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { crc32, deflateSync } from "node:zlib";

/** Width and height in pixels. */
const SIZE = 256;
/** Samples along each side of a pixel. */
const SAMPLES = 4;

type Colour = readonly [red: number, green: number, blue: number];
type Point = readonly [x: number, y: number];
/** Distance to a shape's border in pixels, negative inside. */
type Shape = (x: number, y: number) => number;

const ground: Colour = [24, 34, 56];
const line: Colour = [122, 140, 180];
const dot: Colour = [168, 184, 216];
const right: Colour = [72, 199, 142];
const white: Colour = [255, 255, 255];

const disc =
  ([cx, cy]: Point, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius;

const roundedSquare =
  (margin: number, radius: number): Shape =>
  (x, y) => {
    const half = SIZE / 2 - margin - radius;
    const dx = Math.max(0, Math.abs(x - SIZE / 2) - half);
    const dy = Math.max(0, Math.abs(y - SIZE / 2) - half);
    return Math.hypot(dx, dy) - radius;
  };

const stroke =
  ([ax, ay]: Point, [bx, by]: Point, width: number): Shape =>
  (x, y) => {
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2);
    const t = Math.min(1, Math.max(0, along));
    return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)) - width / 2;
  };

const prompt: Point = [70, 128];
const completions: readonly Point[] = [52, 103, 154, 205].map((y) => [186, y] as const);
const solved = completions[1] as Point;

/** Later layers cover earlier ones. */
const layers: readonly (readonly [Shape, Colour])[] = [
  [roundedSquare(6, 52), ground],
  ...completions.map((end) => [stroke(prompt, end, end === solved ? 9 : 6), end === solved ? right : line] as const),
  ...completions.map((end) => [disc(end, end === solved ? 24 : 15), end === solved ? right : dot] as const),
  [disc(prompt, 28), white],
  [disc(prompt, 15), ground],
  [stroke([solved[0] - 10, solved[1] + 1], [solved[0] - 3, solved[1] + 8], 5), white],
  [stroke([solved[0] - 3, solved[1] + 8], [solved[0] + 11, solved[1] - 8], 5), white],
];

/** Colour and opacity (0–255) of a pixel: the mean of its samples. */
function pixel(column: number, row: number): number[] {
  const total = [0, 0, 0];
  let covered = 0;
  for (let sample = 0; sample < SAMPLES ** 2; sample++) {
    const x = column + ((sample % SAMPLES) + 0.5) / SAMPLES;
    const y = row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
    const colour = layers.findLast(([shape]) => shape(x, y) <= 0)?.[1];
    if (colour === undefined) continue;
    covered++;
    for (const channel of [0, 1, 2] as const) total[channel] = (total[channel] ?? 0) + colour[channel];
  }
  const mean = total.map((sum) => Math.round(sum / Math.max(1, covered)));
  return [...mean, Math.round((255 * covered) / SAMPLES ** 2)];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** PNG (ISO/IEC 15948): eight bits a channel, red, green, blue and opacity, every row unfiltered. */
function png(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE, 0);
  header.writeUInt32BE(SIZE, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Array.from({ length: SIZE }, (_, row) =>
    Buffer.from([0, ...Array.from({ length: SIZE }, (_, column) => pixel(column, row)).flat()]),
  );
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

writeFileSync(path.resolve(import.meta.dirname, "..", "media", "icon.png"), png());
