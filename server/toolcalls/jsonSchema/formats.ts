/** The formats that a tool's parameters use, checked in one pass over the text. Unknown names hold always. */

export interface Format {
  /** As it stands after "Must be". */
  words: string;
  holds(text: string): boolean;
}

/** Longer than any text of these formats; also what keeps every check short. */
const MAX_LENGTH = 4_096;

/** The format of a name; undefined for one that is not checked. */
export const formatNamed = (name: string): Format | undefined => formats.get(name);

const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:z|([+-])(\d\d):(\d\d))$/i;

function isDate(text: string): boolean {
  const [, year, month, day] = (DATE.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

function isTime(text: string): boolean {
  const match = TIME.exec(text);
  if (match === null) return false;
  const [hour = 0, minute = 0, second = 0] = match.slice(1, 4).map(Number);
  const sign = match[4] === "-" ? -1 : 1;
  const [offsetHour = 0, offsetMinute = 0] = match.slice(5).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false;
  // A leap second is the last one of a day in UTC (RFC 3339, section 5.6).
  const utc = (hour * 60 + minute - sign * (offsetHour * 60 + offsetMinute) + 1440) % 1440;
  return second < 60 || utc === 1439;
}

const isDateTime = (text: string) => /^.{10}[t ]/i.test(text) && isDate(text.slice(0, 10)) && isTime(text.slice(11));

const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

const HOST_LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
const isHostname = (text: string) => text.length <= 253 && text.split(".").every((label) => HOST_LABEL.test(label));

function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  const local = text.slice(0, at);
  if (at < 1 || at > 64) return false;
  return /^[\w!#$%&'*+/=?^`{|}~.-]+$/.test(local) && !/^\.|\.\.|\.$/.test(local) && isHostname(text.slice(at + 1));
}

/** RFC 3986 asks for a scheme and its characters; URL also repairs what it is given, so both must agree. */
const isUri = (text: string) =>
  /^[a-z][a-z\d+.-]*:[!#$%&'()*+,\-./\d:;=?@A-Z[\]_a-z~]*$/.test(text) && URL.canParse(text);

const formats = new Map<string, Format>(
  (
    [
      ["date", "a date such as 2024-05-31", isDate],
      ["time", "a time with its zone, such as 09:30:00Z", isTime],
      ["date-time", "a date and time with its zone, such as 2024-05-31T09:30:00Z", isDateTime],
      ["email", "an e-mail address", isEmail],
      ["hostname", "a host name", isHostname],
      ["ipv4", "an IPv4 address", (text) => IPV4.test(text)],
      ["uri", "a URI with its scheme, such as https://example.org/", isUri],
      ["uuid", "a UUID", (text) => /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i.test(text)],
    ] satisfies [string, string, (text: string) => boolean][]
  ).map(([name, words, check]) => [name, { words, holds: (text) => text.length <= MAX_LENGTH && check(text) }]),
);
