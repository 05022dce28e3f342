/**
 * The tools of the episodes, and the two tables that only they know. Every function is pure: the same call always has the same answer.
 * What a function throws is a sentence for the policy to read. Plain JavaScript, so that every Node can load it.
 */

/** `name price weight`: EUR, kg. */
export const goods = `
  stapler 14 2|lamp 38 3|ladder 95 12|kettle 29 2|bucket 8 1|shovel 24 4|carpet 130 18|mirror 62 9|drill 88 5|hammer 17 2
  clock 33 1|blanket 45 3|cushion 19 1|curtain 56 4|shelf 74 16|basket 12 1|bench 110 25|stool 31 6|table 210 34|cabinet 260 48
  mattress 320 27|pillow 22 1|pan 27 2|teapot 36 1|toaster 41 3|blender 59 4|grater 9 1|tray 13 1|vase 28 2|candle 6 1
  rope 15 3|saw 34 2|pump 120 14|hose 43 7|rake 21 3|tent 180 8|lantern 39 2|compass 25 1|anchor 140 32|oar 67 5
  net 52 6|barrel 98 22|crate 16 5|scale 84 10|radio 71 2|printer 230 11|monitor 190 6|keyboard 49 1|desk 280 40|cable 7 1
`
  .trim()
  .split(/[|\n]/)
  .map((row) => row.trim().split(" "))
  .map(([name, price, weight]) => ({ name, price: Number(price), weight: Number(weight) }));

/** `name city desk start`: where somebody works, and since when. */
export const people = `
  Agnes Bergen 41 2025-02-03|Bela Graz 17 2024-11-18|Cosima Porto 63 2025-06-16|Dirk Ghent 28 2024-08-05|Edda Riga 92 2025-01-13
  Farid Tunis 35 2025-03-24|Gwen Cork 58 2024-10-07|Hanno Basel 14 2025-05-19|Ilse Turin 77 2024-12-02|Jarek Gdansk 46 2025-04-28
  Kaisa Oslo 83 2024-09-16|Lorenz Linz 21 2025-07-07|Milena Sofia 69 2025-02-24|Noor Doha 32 2024-07-22|Otis Leeds 54 2025-08-11
  Petra Brno 87 2024-11-04|Quentin Lyon 19 2025-03-10|Ragna Aarhus 73 2025-01-27|Selma Izmir 25 2024-10-21|Tadeo Quito 48 2025-06-02
  Ursula Trier 96 2024-08-26|Valerio Bari 37 2025-05-05|Wenke Kiel 61 2024-12-16|Xaver Ulm 13 2025-04-14|Yusuf Ankara 89 2025-07-21
  Zelda Perth 44 2024-09-30|Anouk Nice 71 2025-08-25|Bastian Jena 26 2024-07-08|Ciara Derry 59 2025-02-10|Dario Siena 82 2024-11-25
  Elin Malmo 34 2025-06-23|Fergus Perth 67 2025-01-06|Goran Split 15 2024-10-14|Hedda Bodo 78 2025-03-17|Ivo Zadar 53 2024-12-09
  Jasna Pula 91 2025-05-12|Kamil Lodz 22 2025-04-07|Leonie Namur 65 2024-08-19|Mattis Lulea 38 2025-07-14|Nadja Minsk 84 2024-09-09
  Oskar Vaasa 47 2025-08-04|Pilar Cadiz 16 2024-11-11|Rosalie Tours 93 2025-02-17|Sami Turku 29 2025-06-09|Thea Bonn 72 2024-07-15
  Ulf Lund 55 2025-01-20|Vanja Nis 31 2024-10-28|Willem Delft 86 2025-03-03|Xenia Patras 62 2024-12-23|Yannis Volos 45 2025-05-26
`
  .trim()
  .split(/[|\n]/)
  .map((row) => row.trim().split(" "))
  .map(([name, city, desk, start]) => ({ name, city, desk: Number(desk), start }));

/** Every conversion that there is: `from` → `to` → how many of `to` one of `from` is. All are whole numbers. */
export const units = {
  hours: { minutes: 60 },
  minutes: { seconds: 60 },
  days: { hours: 24 },
  weeks: { days: 7 },
  years: { months: 12 },
  kg: { g: 1000 },
  km: { m: 1000 },
  m: { cm: 100 },
  cm: { mm: 10 },
  EUR: { cents: 100 },
};

const DAY = 24 * 60 * 60 * 1000;

/** Columns of the tables as people read them. */
const COLUMNS = {
  price: ({ price }) => price === undefined ? undefined : `${price} EUR`,
  weight: ({ weight }) => weight === undefined ? undefined : `${weight} kg`,
  city: ({ city }) => city,
  desk: ({ desk }) => desk === undefined ? undefined : String(desk),
  start: ({ start }) => start,
};

/** The tools over any tables: those of this file, or others that a policy is to look up instead of knowing them. */
export function worldOf({ goods, people }) {
  const rows = new Map([...goods, ...people].map((row) => [row.name, row]));
  const rowNamed = (name) => {
    const row = rows.get(name);
    if (row === undefined) throw new Error(`nothing is known about "${name}"`);
    return row;
  };
  const cell = (name, column) => {
    const value = COLUMNS[column](rowNamed(name));
    if (value === undefined) throw new Error(`"${name}" has no ${column}`);
    return value;
  };
  return {
    calculator: ({ a, op, b }) => String(op === "+" ? a + b : op === "-" ? a - b : a * b),
    spreadsheet: ({ formula }) => spreadsheet(formula),
    ledger: ({ received, spent }) => String(received - spent),
    converter: ({ value, from, to }) => {
      const factor = units[from]?.[to];
      if (factor === undefined) throw new Error(`${from} cannot be converted to ${to}`);
      return `${value * factor} ${to}`;
    },
    calendar: ({ from, to }) => `${(dayOf(to) - dayOf(from)) / DAY} days`,
    price_list: ({ item }) => cell(item, "price"),
    table: ({ row, column }) => cell(row, column),
    search: ({ about }) => {
      const row = rowNamed(about);
      const facts = Object.entries(COLUMNS).flatMap(([column, read]) => {
        const value = read(row);
        return value === undefined ? [] : [`${column} ${value}`];
      });
      return `${about}: ${facts.join(", ")}`;
    },
  };
}

/** `SUM(1,2,…)` or `PRODUCT(1,2,…)` of whole numbers. */
function spreadsheet(formula) {
  const [, name, list] = /^(SUM|PRODUCT)\((-?\d{1,9}(?:,-?\d{1,9}){0,9})\)$/.exec(formula) ?? [];
  if (name === undefined) throw new Error("a formula is SUM(…) or PRODUCT(…) of whole numbers with commas between them");
  const numbers = list.split(",").map(Number);
  return String(name === "SUM" ? numbers.reduce((a, b) => a + b, 0) : numbers.reduce((a, b) => a * b, 1));
}

/** Milliseconds of a day at midnight in UTC, where there are no hours of summer. */
function dayOf(text) {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text)
    throw new Error(`"${text}" is no day; write it as 2025-03-09`);
  return at;
}

export default worldOf({ goods, people });
