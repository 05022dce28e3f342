/** Which package has the CUDA provider, and from whom: what the installer of onnxruntime-node knows about itself. */
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { Type } from "@sinclair/typebox";
import { follows } from "../../../../toolcalls/check.ts";
import type { System } from "./librariesIn.ts";

const text = Type.String({ minLength: 1 });

/** Of `script/install-metadata.js`, what is read here. */
const InstallMetadata = Type.Object({
  requirements: Type.Record(text, Type.Array(text)),
  manifests: Type.Record(text, Type.Record(text, Type.Object({ package: text, path: text }))),
  packages: Type.Record(
    text,
    Type.Object({ name: text, versions: Type.Array(Type.Object({ feed: text, version: text }), { minItems: 1 }) }),
  ),
  feeds: Type.Record(text, Type.Object({ type: text, index: text })),
});

export interface ProviderPackage {
  name: string;
  /** Where it may be, the first that has it being taken. */
  sources: readonly { version: string; index: URL }[];
  /** Names of the libraries that are wanted, and their paths in the package. */
  files: readonly { name: string; path: string }[];
}

/** TensorRT is another provider, in the same package. */
const isWanted = (name: string): boolean => /^libonnxruntime_providers_(cuda|shared)\.so$/.test(name);

/**
 * The package for a system; undefined where the runtime has none.
 *
 * @param folder of onnxruntime-node
 * @throws Error where its metadata is of a form that is not known: another version than the one this was written for
 */
export function providerPackage(folder: string, system: System): ProviderPackage | undefined {
  const metadata: unknown = createRequire(join(folder, "package.json"))("./script/install-metadata.js");
  return packageIn(metadata, system);
}

/** As `providerPackage`, of metadata at hand. */
export function packageIn(metadata: unknown, { platform, arch }: System): ProviderPackage | undefined {
  if (!follows(InstallMetadata, metadata))
    throw new Error("ONNX Runtime's package describes its providers in a new way");
  const place = `${platform}/${arch}`;
  const kind = metadata.requirements[place]?.find((name) => name.startsWith("cuda"));
  const manifest = kind === undefined ? undefined : metadata.manifests[`${place}:${kind}`];
  if (manifest === undefined) return undefined;
  const wanted = Object.entries(manifest).filter(([name]) => isWanted(basename(name)));
  const source = metadata.packages[wanted[0]?.[1].package ?? ""];
  if (source === undefined) throw new Error("ONNX Runtime's package names no source of its CUDA provider");
  const sources = source.versions.flatMap(({ feed, version }) => {
    const found = metadata.feeds[feed];
    return found?.type === "nuget" ? [{ version, index: new URL(found.index) }] : [];
  });
  return { name: source.name, sources, files: wanted.map(([name, { path }]) => ({ name: basename(name), path })) };
}
