/**
 * A package's address in a NuGet feed (NuGet Server API, version 3): the service index names where packages lie, and that has an index of
 * each package's versions.
 */
import { type TSchema, Type } from "@sinclair/typebox";
import { InputError } from "../../../../../schemas/problem.ts";
import { follows } from "../../../../toolcalls/check.ts";
import { plain } from "../../../../toolcalls/display.ts";
import type { ProviderPackage } from "./providerPackage.ts";
import { request, type Transport } from "./requests.ts";

const ServiceIndex = Type.Object({
  resources: Type.Array(Type.Object({ "@id": Type.String(), "@type": Type.String() })),
});
const Versions = Type.Object({ versions: Type.Array(Type.String()) });

const PACKAGES = "PackageBaseAddress/3.0.0";

export interface FoundPackage {
  version: string;
  url: URL;
}

/**
 * Where the first source that has the package keeps it.
 *
 * @throws InputError where no source has it, or none can be reached
 */
export async function findPackage({ name, sources }: ProviderPackage, transport: Transport): Promise<FoundPackage> {
  const id = name.toLowerCase();
  for (const { version, index } of sources) {
    const { resources } = await json(index, ServiceIndex, transport);
    const base = resources.find((resource) => resource["@type"] === PACKAGES)?.["@id"];
    if (base === undefined) throw strange(index);
    const folder = new URL(base.endsWith("/") ? base : `${base}/`);
    const { versions } = await json(new URL(`${id}/index.json`, folder), Versions, transport);
    const file = `${id}.${version.toLowerCase()}.nupkg`;
    if (versions.includes(version.toLowerCase()))
      return { version, url: new URL(`${id}/${version.toLowerCase()}/${file}`, folder) };
  }
  const named = sources.map(({ version, index }) => `${version} at ${index.host}`).join(", ");
  throw new InputError(
    `There is no ${plain(name)} ${named || "from anybody"}: this version of ONNX Runtime has no CUDA provider there.`,
  );
}

function json<T extends TSchema>(url: URL, schema: T, transport: Transport) {
  return request(url, transport, async (response) => {
    let value: unknown;
    try {
      value = await response.json();
    } catch (error) {
      if (error instanceof SyntaxError) throw strange(url);
      throw error;
    }
    if (!follows(schema, value)) throw strange(url);
    return value;
  });
}

const strange = ({ host }: URL): InputError =>
  new InputError(`${host} did not answer as a package feed does; a portal or proxy may have answered in its place.`);
