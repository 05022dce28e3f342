/** Bytes that calls of the runtime move between the host and a device: what it is fed, and what it hands back. */
import * as ort from "onnxruntime-node";

export interface Traffic {
  toDevice: number;
  fromDevice: number;
}

/** Counts from here on, in every session that is made later; undefined where the device is the host. What lies on the device moves nothing. */
export function countTraffic(device: string): Traffic | undefined {
  if (device === "cpu") return undefined;
  const traffic: Traffic = { toDevice: 0, fromDevice: 0 };
  const create = ort.InferenceSession.create.bind(ort.InferenceSession) as (
    ...args: unknown[]
  ) => Promise<ort.InferenceSession>;
  const counting = async (...args: unknown[]): Promise<ort.InferenceSession> => {
    const session = await create(...args);
    const run = session.run.bind(session) as (...call: unknown[]) => Promise<Record<string, ort.Tensor>>;
    session.run = async (feeds: Record<string, ort.Tensor>, ...rest: unknown[]) => {
      const results = await run(feeds, ...rest);
      traffic.toDevice += hostBytes(feeds);
      traffic.fromDevice += hostBytes(results);
      return results;
    };
    return session;
  };
  ort.InferenceSession.create = counting as typeof ort.InferenceSession.create;
  return traffic;
}

function hostBytes(tensors: Record<string, ort.Tensor>): number {
  return Object.values(tensors)
    .filter(({ location }) => location === "cpu")
    .reduce((sum, { data }) => sum + (data as ArrayBufferView).byteLength, 0);
}
