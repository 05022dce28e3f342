/** The systems an extension package is made for: those that ONNX Runtime has native files for. */

const folder = "node_modules/onnxruntime-node/bin/napi-v6";

/** Target, as VS Code names it, and patterns of the native files it needs. */
const natives = {
  "linux-x64": [`${folder}/linux/x64/*`],
  "linux-arm64": [`${folder}/linux/arm64/*`],
  "win32-x64": [`${folder}/win32/x64/*`],
  "win32-arm64": [`${folder}/win32/arm64/*`],
  // The package brings the same library under two names; the binding asks for this one.
  "darwin-arm64": [`${folder}/darwin/arm64/onnxruntime_binding.node`, `${folder}/darwin/arm64/libonnxruntime.1.dylib`],
} as const;

export type Target = keyof typeof natives;

export const targets = Object.keys(natives) as readonly Target[];

export const isTarget = (name: string): name is Target => Object.hasOwn(natives, name);

/** The target of this machine; undefined where no package is made for it. */
export function targetHere(): Target | undefined {
  const name = `${process.platform}-${process.arch}`;
  return isTarget(name) ? name : undefined;
}

/** Lines for the allow-list of a target's package. */
export const allowedNatives = (target: Target): readonly string[] => natives[target].map((pattern) => `!${pattern}`);
