/** What an endpoint's reply means: an answer, a reason to wait, to ask for less, to leave this question, or to give up. */
import { Type } from "@sinclair/typebox";
import { plain } from "../../../../toolcalls/display.ts";
import { conforms } from "../../../conforms.ts";
import { KEY_VARIABLE } from "./key.ts";

export type Reply =
  | { kind: "text"; text: string }
  /** Worth another attempt. `after` is the wait that the endpoint asked for, milliseconds; no status where it was not reached. */
  | { kind: "again"; why: string; status?: number; after?: number }
  /** It will not do something that was asked for, or cannot take this question. */
  | { kind: "refused"; why: string; complaint: string }
  /** No answer to this question. */
  | { kind: "unusable"; why: string }
  /** Nothing that speaks this protocol, as it seems. */
  | { kind: "foreign"; why: string }
  /** No attempt will do better until somebody mends it: what is wrong, and what to do. */
  | { kind: "never"; why: string };

export interface RawReply {
  status: number;
  /** By name in lower case; null where there is none. */
  header(name: string): string | null;
  body: string;
}

const Part = Type.Object({ type: Type.Optional(Type.String()), text: Type.Optional(Type.String()) });
const Completion = Type.Object({
  choices: Type.Array(
    Type.Object({
      finish_reason: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      message: Type.Object({
        content: Type.Optional(Type.Union([Type.String(), Type.Null(), Type.Array(Part)])),
        refusal: Type.Optional(Type.Union([Type.String(), Type.Null()])),
      }),
    }),
    { minItems: 1 },
  ),
});

const Complaint = Type.Object({
  error: Type.Object({
    message: Type.Optional(Type.String()),
    code: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Null()])),
    param: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  }),
});

const SET_KEY = `set ${KEY_VARIABLE}, or the key in the editor, and go on`;

/** 425 and 529 are not in every list: too early, and overloaded. */
const passing = new Set([408, 425, 500, 502, 503, 504, 529]);

/** @param now milliseconds since 1970 */
export function readReply(reply: RawReply, now: number): Reply {
  const { status } = reply;
  if (status >= 200 && status < 300) return answerOf(reply.body);
  const { message, code, param } = complaintOf(reply.body);
  const said = message === "" ? "" : `: ${plain(message, 200)}`;
  if (status >= 300 && status < 400) {
    const to = plain(reply.header("location") ?? "another address", 200);
    return {
      kind: "never",
      why: `it sends requests on to ${to}, where nothing was sent; give that address if you trust it`,
    };
  }
  // What a refused key is answered with may quote the key.
  if (status === 401) return { kind: "never", why: `it does not take the key, or wants one; ${SET_KEY}` };
  if (status === 403)
    return { kind: "never", why: "the key may not use it or its model; check what the key is allowed" };
  if (status === 402 || code === "insufficient_quota") {
    return { kind: "never", why: `its quota or credit is used up${said}; go on when there is more` };
  }
  if (status === 404)
    return { kind: "never", why: `it has no such model, or no chat completions at this address${said}` };
  if (status === 429 || passing.has(status)) {
    const after = retryAfter(reply.header("retry-after"), now);
    return {
      kind: "again",
      why: `it answered with status ${status}${said}`,
      status,
      ...(after === undefined ? {} : { after }),
    };
  }
  if (status === 400 || status === 413 || status === 422 || status === 501) {
    return {
      kind: "refused",
      why: `it refused the request with status ${status}${said}`,
      complaint: `${param} ${message}`,
    };
  }
  return { kind: "never", why: `it answered with status ${status}${said}; check address and model` };
}

function answerOf(body: string): Reply {
  const value = parsed(body);
  if (!conforms(Completion, value)) return { kind: "foreign", why: "its reply is no chat completion" };
  const [choice] = value.choices;
  const content = choice?.message.content ?? "";
  const text = typeof content === "string" ? content : content.map((part) => part.text ?? "").join("");
  if (choice?.message.refusal) return { kind: "unusable", why: "the judge's model refused to answer" };
  if (choice?.finish_reason === "content_filter") return { kind: "unusable", why: "a filter took the judge's answer" };
  return { kind: "text", text };
}

/** Milliseconds that a Retry-After asks for (RFC 9110, 10.2.3: seconds, or a date); undefined where it says nothing. */
export function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function complaintOf(body: string): { message: string; code: string; param: string } {
  const value = parsed(body);
  if (!conforms(Complaint, value)) return { message: "", code: "", param: "" };
  const { message = "", code, param } = value.error;
  return { message, code: String(code ?? ""), param: param ?? "" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
