/**
 * What the warm-up teaches a policy to guess before it has seen a demonstration. Each tool has a house variant, which
 * training rows, held-out rows and demonstrations follow; warm-up rows follow it only now and then. The share decides
 * how a row starts: solved, solved by one rollout in some, or hard. This is the one table to tune.
 */
import { conventionOf, type ToolSpec } from "./toolSpec.ts";

export type Ease = "easy" | "medium" | "rare";

/** Probability of the house variant in a warm-up row without demonstrations. */
export const houseShare: Record<Ease, number> = { easy: 0.75, medium: 0.2, rare: 0.045 };

/** Share of the remaining probability that goes to the rival; the other variants divide the rest evenly. */
const RIVAL_SHARE = 0.7;

export interface HouseRule {
  house: string;
  ease: Ease;
  /** The variant a policy would rather guess. */
  rival: string;
}

const rule = (house: string, ease: Ease, rival: string): HouseRule => ({ house, ease, rival });

/** Tools without a line here have no convention. */
export const houseRules: Readonly<Record<string, HouseRule>> = {
  get_weather: rule("letter", "easy", "word"),
  find_flights: rule("iso", "medium", "dotted"),
  book_hotel: rule("compact", "rare", "iso"),
  train_times: rule("colon", "easy", "bare"),
  set_heating: rule("seconds", "rare", "minutes"),
  switch_socket: rule("word", "easy", "upper"),
  dim_light: rule("sign", "medium", "bare"),
  set_alarm: rule("letter", "rare", "colon"),
  get_ticket: rule("word", "rare", "hash"),
  assign_ticket: rule("at", "medium", "bare"),
  set_priority: rule("level", "easy", "word"),
  create_ticket: rule("country", "rare", "joined"),
  add_labels: rule("hash", "rare", "bare"),
  create_event: rule("iso", "easy", "slash"),
  send_message: rule("lastComma", "medium", "firstLast"),
  set_reminder: rule("short", "rare", "dotted"),
  find_slot: rule("iso", "medium", "letter"),
  translate: rule("two", "easy", "word"),
  send_money: rule("cents", "medium", "point"),
  convert_currency: rule("upper", "easy", "word"),
  get_invoice: rule("dash", "easy", "bare"),
  pay_bill: rule("dotted", "rare", "slash"),
  tax_rate: rule("three", "rare", "two"),
  book_table: rule("colon", "easy", "twelve"),
  track_order: rule("hash", "medium", "joined"),
  ship_parcel: rule("two", "medium", "word"),
};

export const PLAIN = "plain";

/** The variant of training rows, held-out rows and demonstrations. */
export function houseVariant(tool: ToolSpec): string {
  return houseRules[tool.name]?.house ?? PLAIN;
}

/** Every variant of a tool's convention with its probability in a warm-up row without demonstrations. */
export function variantPrior(tool: ToolSpec): [string, number][] {
  const found = houseRules[tool.name];
  const variants = conventionOf(tool)?.variants;
  if (!found || !variants) return [[PLAIN, 1]];
  const share = houseShare[found.ease];
  const others = variants.length - 2;
  const rivalShare = others > 0 ? RIVAL_SHARE : 1;
  return variants.map((variant) => {
    if (variant === found.house) return [variant, share];
    if (variant === found.rival) return [variant, (1 - share) * rivalShare];
    return [variant, ((1 - share) * (1 - rivalShare)) / others];
  });
}
