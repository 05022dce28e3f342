/** What is asked of an endpoint beyond the messages. Endpoints that call themselves compatible lack some of it, and models refuse some. */
import type { ChatMessage, ChatRequest } from "../chat.ts";

export interface Features {
  /** What the answer is held to: a schema, JSON of any kind, or nothing but the prompt. */
  format: "schema" | "json" | "prompt";
  seed: boolean;
  temperature: boolean;
  /** Whether instructions have a message of their own; some chat templates know no such role. */
  system: boolean;
}

export const ALL_FEATURES: Features = { format: "schema", seed: true, temperature: true, system: true };

const SEED = 0;

/** Body of a chat completion request. */
export function requestBody(model: string, { messages, schema }: ChatRequest, features: Features): string {
  const { format, seed, temperature, system } = features;
  return JSON.stringify({
    model,
    messages: (system ? messages : withoutSystem(messages)).map(({ role, text }) => ({ role, content: text })),
    ...(format === "schema"
      ? { response_format: { type: "json_schema", json_schema: { name: "scores", strict: true, schema } } }
      : {}),
    ...(format === "json" ? { response_format: { type: "json_object" } } : {}),
    ...(seed ? { seed: SEED } : {}),
    ...(temperature ? { temperature: 0 } : {}),
  });
}

/** The instructions at the beginning of the first message of the user. */
function withoutSystem(messages: readonly ChatMessage[]): ChatMessage[] {
  const instructions = messages.filter(({ role }) => role === "system").map(({ text }) => text);
  const [first, ...rest] = messages.filter(({ role }) => role !== "system");
  if (first === undefined) return instructions.map((text) => ({ role: "user", text }));
  return [{ role: first.role, text: [...instructions, first.text].join("\n\n") }, ...rest];
}

/**
 * The features to ask for next, where an endpoint refused a request with these.
 *
 * @param complaint what it said; where it names none of them, the least widespread one goes first
 * @returns undefined where nothing is left to do without
 */
export function simpler(features: Features, complaint: string): Features | undefined {
  const { format, seed, temperature, system } = features;
  if (temperature && /temperature/i.test(complaint)) return { ...features, temperature: false };
  if (seed && /\bseed\b/i.test(complaint)) return { ...features, seed: false };
  if (system && /system.{0,20}role|role.{0,20}system/i.test(complaint)) return { ...features, system: false };
  if (format === "schema") return { ...features, format: "json" };
  if (format === "json") return { ...features, format: "prompt" };
  if (seed) return { ...features, seed: false };
  if (temperature) return { ...features, temperature: false };
  if (system) return { ...features, system: false };
  return undefined;
}

/** What went, for a log. */
export function lacking({ format, seed, temperature, system }: Features): string {
  const missing = [
    ...(format === "schema" ? [] : [format === "json" ? "no schema of the answer" : "no form of the answer"]),
    ...(seed ? [] : ["no seed"]),
    ...(temperature ? [] : ["no temperature"]),
    ...(system ? [] : ["no system message"]),
  ];
  return missing.join(", ");
}
