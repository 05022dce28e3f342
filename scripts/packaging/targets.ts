/** The systems an extension package is made for: those that ONNX Runtime has native files for, and one package for all others. */

const folder = "node_modules/onnxruntime-node/bin/napi-v6";

const windows = ["DirectML.dll", "dxcompiler.dll", "dxil.dll", "onnxruntime.dll", "onnxruntime_binding.node"];

/** System, as VS Code names it, and the native files it needs. */
const natives = {
  "linux-x64": ["libonnxruntime.so.1", "onnxruntime_binding.node"],
  "linux-arm64": ["libonnxruntime.so.1", "onnxruntime_binding.node"],
  "win32-x64": windows,
  "win32-arm64": windows,
  // ONNX Runtime brings the same library under two names; the binding asks for this one.
  "darwin-arm64": ["libonnxruntime.1.dylib", "onnxruntime_binding.node"],
} as const;

export type System = keyof typeof natives;
export type Target = System | typeof withoutEngine;

/** The package for systems without an engine: everything but training. VS Code takes it where there is none of the system's own. */
export const withoutEngine = "universal";

const isSystem = (name: string): name is System => Object.hasOwn(natives, name);
const systems: readonly System[] = Object.keys(natives).filter(isSystem);

export const targets: readonly Target[] = [...systems, withoutEngine];

export const isTarget = (name: string): name is Target => name === withoutEngine || isSystem(name);

/** The package of this machine; undefined where there is none with an engine. */
export function targetHere(): System | undefined {
  const name = `${process.platform}-${process.arch}`;
  return isSystem(name) ? name : undefined;
}

/** Paths of the native files that a target's package has, and no others. */
export function nativeFiles(target: Target): readonly string[] {
  if (target === withoutEngine) return [];
  return natives[target].map((file) => `${folder}/${target.replace("-", "/")}/${file}`);
}
