/** What is asked of an endpoint beyond the messages. Endpoints that call themselves compatible lack some of it, and models refuse some. */
import type { ChatRequest } from "../chat.ts";

export interface Features {
  /** What the answer is held to: a schema, JSON of any kind, or nothing but the prompt. */
  format: "schema" | "json" | "prompt";
  seed: boolean;
  temperature: boolean;
}

export const ALL_FEATURES: Features = { format: "schema", seed: true, temperature: true };

const SEED = 0;

/** Body of a chat completion request. */
export function requestBody(model: string, { messages, schema }: ChatRequest, features: Features): string {
  const { format, seed, temperature } = features;
  return JSON.stringify({
    model,
    messages: messages.map(({ role, text }) => ({ role, content: text })),
    ...(format === "schema"
      ? { response_format: { type: "json_schema", json_schema: { name: "scores", strict: true, schema } } }
      : {}),
    ...(format === "json" ? { response_format: { type: "json_object" } } : {}),
    ...(seed ? { seed: SEED } : {}),
    ...(temperature ? { temperature: 0 } : {}),
  });
}

/**
 * The features to ask for next, where an endpoint refused a request with these.
 *
 * @param complaint what it said; where it names none of them, the least widespread one goes first
 * @returns undefined where nothing is left to do without
 */
export function simpler(features: Features, complaint: string): Features | undefined {
  const { format, seed, temperature } = features;
  if (temperature && /temperature/i.test(complaint)) return { ...features, temperature: false };
  if (seed && /\bseed\b/i.test(complaint)) return { ...features, seed: false };
  if (format === "schema") return { ...features, format: "json" };
  if (format === "json") return { ...features, format: "prompt" };
  if (seed) return { ...features, seed: false };
  if (temperature) return { ...features, temperature: false };
  return undefined;
}

/** What went, for a log. */
export function lacking({ format, seed, temperature }: Features): string {
  const missing = [
    ...(format === "schema" ? [] : [format === "json" ? "no schema of the answer" : "no form of the answer"]),
    ...(seed ? [] : ["no seed"]),
    ...(temperature ? [] : ["no temperature"]),
  ];
  return missing.join(", ");
}
