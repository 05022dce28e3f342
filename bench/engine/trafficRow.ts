/** What crosses the border between host and device, for each token. */
import type { Row } from "../report.ts";
import type { Traffic } from "../workers/traffic.ts";

export function trafficRow(what: string, { toDevice, fromDevice }: Traffic, tokens: number): Row {
  const perToken = (bytes: number) => `${Math.round(bytes / tokens).toLocaleString("en")} bytes`;
  return {
    what: `${what}: moved between host and device for each token`,
    ours: `${perToken(toDevice)} to it, ${perToken(fromDevice)} from it`,
    peer: "",
    ratio: "",
    bar: "",
    data: { toDevice, fromDevice, tokens },
  };
}
