import type { QuestionKind } from "../question.ts";
import { arithmetic } from "./arithmetic.ts";
import { dates } from "./dates.ts";
import { lookUps } from "./lookUps.ts";
import { said } from "./said.ts";

export const kinds: readonly QuestionKind[] = [...arithmetic, ...dates, ...lookUps, said];
