/** The file that a person mends in the walkthrough. */

export const PRACTICE_FILE = "practice.tools.json";

/** A name that Python has for the type, and JSON Schema has not: of all mistakes in published tools the most frequent. */
const MISTAKE = '"float"';

/** A catalog with one tool and one mistake. */
export const PRACTICE = `[
  {
    "type": "function",
    "function": {
      "name": "set_heating",
      "description": "Sets the temperature of a room.",
      "parameters": {
        "type": "object",
        "properties": {
          "room": { "type": "string", "description": "Name of the room." },
          "degrees": { "type": ${MISTAKE}, "description": "Degrees Celsius." }
        },
        "required": ["room", "degrees"]
      }
    }
  }
]
`;

/** Offsets of the mistake in the file's text; of its beginning where there is none any more. */
export function practiceMistake(text: string): { start: number; end: number } {
  const start = text.indexOf(MISTAKE);
  return start < 0 ? { start: 0, end: 0 } : { start, end: start + MISTAKE.length };
}
