/** `name.wat` to `nameModule.ts` beside it, for every one in the server: its module in base64, so that it is bundled as any other source. */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import wabt from "wabt";

const root = path.resolve(import.meta.dirname, "..");
const COLUMNS = 100;

/** The files that belong beside the texts of modules, by their paths. @throws Error where a text is no module */
export async function moduleFiles(): Promise<Map<string, string>> {
  const compiler = await wabt();
  return new Map(
    globSync("server/**/*.wat", { cwd: root }).map((text) => {
      const name = path.basename(text, ".wat");
      using parsed = disposable(compiler.parseWat(text, readFileSync(path.join(root, text), "utf8"), { simd: true }));
      const { buffer } = parsed.value.toBinary({});
      return [path.join(path.dirname(text), `${name}Module.ts`), sourceOf(name, Buffer.from(buffer))] as const;
    }),
  );
}

function disposable<T extends { destroy(): void }>(value: T): Disposable & { value: T } {
  return { value, [Symbol.dispose]: () => value.destroy() };
}

function sourceOf(name: string, module: Buffer): string {
  const lines = module.toString("base64").match(new RegExp(`.{1,${COLUMNS}}`, "g")) ?? [];
  return [
    `/** ${name}.wat as a module of WebAssembly, in base64: made by \`node scripts/wasm.ts\`. */`,
    `export const ${name}Module = [`,
    ...lines.map((line) => `  "${line}",`),
    '].join("");',
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of await moduleFiles()) writeFileSync(path.join(root, file), text);
}
