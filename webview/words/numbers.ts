/** Numbers as the view writes them. */

const minus = "−";

/** Two decimals; a true minus, which is as wide as a plus. */
export const decimal = (value: number): string => value.toFixed(2).replace("-", minus);

/** With its sign; zero has none. */
export const signed = (value: number): string =>
  value > 0.005 ? `+${decimal(value)}` : decimal(value).replace(/^−(0\.00)$/, "$1");

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** `1,234,567`. Written out, because the first use of a locale holds a page up that is just being opened. */
export const counted = (count: number): string => String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : many}`;
}

/** As a share of one, of a log-probability in nats. */
export function probability(logprob: number | null): string {
  if (logprob === null) return "not a number";
  const share = Math.exp(logprob);
  return share >= 0.001 ? percent(share) : "below 0.1 %";
}
