/** Values of closed sets, which all parts of the data share: nobody can guess the code of a country never seen. */
import { type Json, type Kind, kindOf, plain } from "./kind.ts";

const text = { type: "string" } as const;

/** A parameter whose schema lists its values; the query says them as they are written. */
export const choice = (...values: string[]): Kind =>
  plain({ type: "string", enum: values }, (random) => {
    const value = random.pick(values);
    return { said: value, value };
  });

/** A word of a set that the schema does not list. */
const word = (...values: string[]): Kind =>
  plain(text, (random) => {
    const value = random.pick(values);
    return { said: value, value };
  });

/** A switch that a query turns on by saying so; it is left out otherwise. */
export const flag = plain({ type: "boolean" }, () => ({ said: "", value: true }));

export const room = word(
  "kitchen",
  "bedroom",
  "hall",
  "office",
  "garage",
  "bathroom",
  "attic",
  "studio",
  "library",
  "nursery",
  "cellar",
  "lounge",
);
export const weekday = word("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
export const topping = word(
  "cheese",
  "bacon",
  "onions",
  "olives",
  "basil",
  "corn",
  "chili",
  "garlic",
  "honey",
  "cream",
);

/** Each row: what is said, then how each variant writes it. */
function table(variants: readonly string[], rows: readonly (readonly [string, ...Json[]])[]): Kind {
  return kindOf({
    schema: text,
    draw: (random) => {
      const value = random.pick(rows);
      return { said: value[0], value };
    },
    variants: Object.fromEntries(
      variants.map((name, column) => [name, (row: readonly [string, ...Json[]]) => row[column + 1] as Json]),
    ),
  });
}

export const temperatureUnit = table(
  ["letter", "word", "degree", "system"],
  [
    ["celsius", "C", "celsius", "degC", "metric"],
    ["fahrenheit", "F", "fahrenheit", "degF", "imperial"],
  ],
);

export const onOff = table(
  ["word", "upper", "digit", "truth"],
  [
    ["on", "on", "ON", "1", "true"],
    ["off", "off", "OFF", "0", "false"],
  ],
);

export const priority = table(
  ["word", "upper", "level", "digit"],
  [
    ["urgent", "urgent", "URGENT", "P1", "1"],
    ["high", "high", "HIGH", "P2", "2"],
    ["normal", "normal", "NORMAL", "P3", "3"],
    ["low", "low", "LOW", "P4", "4"],
  ],
);

/** Codes of ISO 4217: letters and number. */
export const currency = table(
  ["upper", "lower", "word", "number"],
  [
    ["euros", "EUR", "eur", "euros", "978"],
    ["dollars", "USD", "usd", "dollars", "840"],
    ["pounds", "GBP", "gbp", "pounds", "826"],
    ["yen", "JPY", "jpy", "yen", "392"],
    ["francs", "CHF", "chf", "francs", "756"],
    ["kroner", "NOK", "nok", "kroner", "578"],
    ["zloty", "PLN", "pln", "zloty", "985"],
    ["rupees", "INR", "inr", "rupees", "356"],
  ],
);

/** Codes of ISO 639 and of BCP 47. */
export const language = table(
  ["two", "word", "three", "region"],
  [
    ["German", "de", "German", "deu", "de-DE"],
    ["French", "fr", "French", "fra", "fr-FR"],
    ["Spanish", "es", "Spanish", "spa", "es-ES"],
    ["Italian", "it", "Italian", "ita", "it-IT"],
    ["Dutch", "nl", "Dutch", "nld", "nl-NL"],
    ["Polish", "pl", "Polish", "pol", "pl-PL"],
    ["Turkish", "tr", "Turkish", "tur", "tr-TR"],
    ["Finnish", "fi", "Finnish", "fin", "fi-FI"],
    ["Korean", "ko", "Korean", "kor", "ko-KR"],
    ["Japanese", "ja", "Japanese", "jpn", "ja-JP"],
  ],
);

/** Said, then the codes of ISO 3166. */
const countries: readonly (readonly [string, ...string[]])[] = [
  ["Germany", "DE", "Germany", "DEU", "de"],
  ["France", "FR", "France", "FRA", "fr"],
  ["Spain", "ES", "Spain", "ESP", "es"],
  ["Italy", "IT", "Italy", "ITA", "it"],
  ["Poland", "PL", "Poland", "POL", "pl"],
  ["Sweden", "SE", "Sweden", "SWE", "se"],
  ["Norway", "NO", "Norway", "NOR", "no"],
  ["Greece", "GR", "Greece", "GRC", "gr"],
  ["Ireland", "IE", "Ireland", "IRL", "ie"],
  ["Austria", "AT", "Austria", "AUT", "at"],
  ["Canada", "CA", "Canada", "CAN", "ca"],
  ["Mexico", "MX", "Mexico", "MEX", "mx"],
  ["Brazil", "BR", "Brazil", "BRA", "br"],
  ["Japan", "JP", "Japan", "JPN", "jp"],
  ["India", "IN", "India", "IND", "in"],
  ["Kenya", "KE", "Kenya", "KEN", "ke"],
];

export const country = table(["two", "word", "three", "lower"], countries);
export const countryName = word(...countries.map(([said]) => said));

const MINUTES = [5, 10, 15, 20, 25, 30, 40, 45, 50, 60, 75, 90, 120];

/** A length of time as a number, in a unit nobody mentions. */
export const durationNumber = kindOf({
  schema: { type: "integer" },
  draw: (random) => {
    const value = random.pick(MINUTES);
    return { said: `${value} minutes`, value };
  },
  variants: {
    minutes: (minutes) => minutes,
    seconds: (minutes) => minutes * 60,
    milliseconds: (minutes) => minutes * 60_000,
  },
});

/** A length of time as text. */
export const durationText = kindOf({
  schema: text,
  draw: (random) => {
    const value = random.pick(MINUTES);
    return { said: `${value} minutes`, value };
  },
  variants: {
    letter: (minutes) => `${minutes}m`,
    iso: (minutes) => `PT${minutes}M`,
    clock: (minutes) => `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`,
    word: (minutes) => `${minutes} min`,
  },
});
