/** What installing CUDA support would do on this machine, said before it does anything. */
import { InputError } from "../../../../../schemas/problem.ts";
import { cudaMissing, libraryText } from "../devices/cudaDiagnosis.ts";
import { asClause } from "../devices/diagnosis.ts";
import type { SystemFacts } from "../devices/systemFacts.ts";
import type { ProviderPackage } from "./providerPackage.ts";
import { installedSupport, supportFolder } from "./supportFolder.ts";

/** Bytes of the package and of what is kept of it, roughly: the feed tells the first when the transfer begins. As of version 1.30. */
export const ROUGH_DOWNLOAD = 300e6;
export const ROUGH_FOLDER = 400e6;

export interface InstallPlan {
  provider: ProviderPackage;
  /** `name version` and the hosts that have it. */
  what: string;
  from: string;
  /** Where it will lie. */
  folder: string;
  /** Whether it lies there already, whole. */
  installed: boolean;
  /** What CUDA needs besides and was not found, by name; libraries' versions are known once the provider is there. */
  missing: string[];
}

/**
 * @param provider of this system, where the runtime has one
 * @param withoutDriver whether a machine without a driver will do, as one where an image is built
 * @throws InputError where it would be of no use here
 */
export function installPlan(
  provider: ProviderPackage | undefined,
  facts: SystemFacts,
  withoutDriver: boolean,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): InstallPlan {
  const missing = cudaMissing(facts);
  if (provider === undefined || missing?.lacks === "system" || (missing?.lacks === "driver" && !withoutDriver)) {
    const gap = missing ?? {
      problem: "ONNX Runtime has no CUDA provider for this system.",
      remedy: "Use WebGPU.",
    };
    throw new InputError(`CUDA support was not installed: ${asClause(gap)}.`);
  }
  return {
    provider,
    what: `${provider.name} ${provider.sources[0]?.version ?? ""}`,
    from: [...new Set(provider.sources.map(({ index }) => index.host))].join(", "),
    folder: supportFolder(environment),
    installed: installedSupport(environment) !== undefined,
    missing: facts.missingCuda.map(libraryText),
  };
}
