/** Errors across the border to the engine process: class, place and system code survive the way. */
import { ErrorCodes, ResponseError } from "vscode-jsonrpc/node";
import { InputError } from "../../../../schemas/problem.ts";
import type { ErrorData } from "./messages.ts";

/** JSON-RPC's code for a request that its sender cancelled (Language Server Protocol, ErrorCodes.RequestCancelled). */
const CANCELLED = -32800;

/** The engine process ended without being asked to: a crash, a kill, memory. The run goes on from its last checkpoint. */
export class EngineLost extends Error {
  override readonly name = "EngineLost";
}

/** The engine answered with an error of its own, which another attempt would meet again. */
export class EngineFault extends Error {
  override readonly name = "EngineFault";
  /** System error code such as ENOSPC, where there was one. */
  readonly code: string | undefined;

  constructor(message: string, code: string | undefined, stack: string | undefined) {
    super(message);
    this.code = code;
    if (stack !== undefined) this.stack = stack;
  }
}

/** System error code for memory that is not there; the second is ours. */
const OUT_OF_MEMORY = "ENOMEM";
const DEVICE_LOST = "EDEVICELOST";

/** Errors after which no call of CUDA's succeeds in the process any more (CUDA Runtime API, cudaError_t). */
const LOST_BY_CUDA = /CUDA failure (214|700|710|719|999):/;

/** ONNX Runtime, Dawn, CUDA and V8 tell these two by their messages alone. */
function runtimeCode(message: string): string | undefined {
  if (/device (was |is )?lost|device_lost/i.test(message) || LOST_BY_CUDA.test(message)) return DEVICE_LOST;
  return /out of (device |host )?memory|out_of_(device|host)_memory|bad[_ ]alloc|failed to allocate memory|array buffer allocation failed|invalid typed array length|cublas_status_alloc_failed/i.test(
    message,
  )
    ? OUT_OF_MEMORY
    : undefined;
}

export const isOutOfMemory = (error: unknown): boolean => error instanceof EngineFault && error.code === OUT_OF_MEMORY;
export const isDeviceLost = (error: unknown): boolean => error instanceof EngineFault && error.code === DEVICE_LOST;

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** In the engine process: an error as it goes over. */
export function toResponse(error: unknown): ResponseError<ErrorData> {
  if (isAbort(error)) return new ResponseError<ErrorData>(CANCELLED, "cancelled");
  if (!(error instanceof Error)) return new ResponseError<ErrorData>(ErrorCodes.InternalError, String(error));
  const data: ErrorData = {};
  if (error instanceof InputError) data.input = true;
  if (error instanceof InputError && error.place !== undefined) data.place = error.place;
  const code = "code" in error && typeof error.code === "string" ? error.code : runtimeCode(error.message);
  if (code !== undefined) data.code = code;
  if (error.stack !== undefined) data.stack = error.stack;
  return new ResponseError<ErrorData>(ErrorCodes.InternalError, error.message, data);
}

/** In the server: the error as it was. */
export function fromResponse(error: unknown): Error {
  if (!(error instanceof ResponseError)) return error instanceof Error ? error : new Error(String(error));
  if (error.code === CANCELLED) return new DOMException("The call was cancelled", "AbortError");
  const data = (error.data ?? {}) as ErrorData;
  if (data.input) return new InputError(error.message, data.place);
  return new EngineFault(error.message, data.code, data.stack);
}
