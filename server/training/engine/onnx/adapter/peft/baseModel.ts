/** Which weights an adapter belongs to: without them it means nothing, and beside others it would quietly mean something else. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Static, Type } from "@sinclair/typebox";
import { InputError } from "../../../../../../schemas/problem.ts";
import { hashInput } from "../../../../../store/hashInput.ts";
import { follows } from "../../../../../toolcalls/check.ts";
import { openModelWeights } from "../../../modelWeights.ts";
import { openSafetensors } from "../../../safetensors.ts";

export const ADAPTER_FILE = "adapter_model.safetensors";

const Metadata = Type.Object({ base_model: Type.String(), base_model_sha256: Type.String() });

export interface BaseModel {
  /** Model directory, as it was called when the adapter was written. */
  path: string;
  /** Of its weights' files: SHA-256, hexadecimal. */
  sha256: string;
}

/** Reads all weights once. */
export function baseModelOf(dir: string): BaseModel {
  using weights = openModelWeights(dir);
  const digest = createHash("sha256");
  for (const file of weights.files.toSorted()) digest.update(hashInput(file).sha256);
  return { path: dir, sha256: digest.digest("hex") };
}

/** As metadata of the adapter's own file, where PEFT passes over it. */
export function metadataOf({ path, sha256 }: BaseModel): Static<typeof Metadata> {
  return { base_model: path, base_model_sha256: sha256 };
}

/** @throws InputError where the adapter in this directory does not say what it belongs to */
export function readBaseOf(dir: string): BaseModel {
  using file = openSafetensors(join(dir, ADAPTER_FILE));
  const { metadata } = file;
  if (!follows(Metadata, metadata)) {
    throw new InputError("The adapter does not say which weights it belongs to; it is no checkpoint of ours.", {
      file: file.file,
    });
  }
  return { path: metadata.base_model, sha256: metadata.base_model_sha256 };
}
