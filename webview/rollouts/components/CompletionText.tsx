/** A completion as it was written, its thoughts, examples and calls folded. Each has its name; the colour only underlines it. */
import { useMemo } from "preact/hooks";
import { HostileText } from "../../text/HostileText.tsx";
import { oneLine } from "../../text/visible.ts";
import { plural } from "../../words/numbers.ts";
import { type Section, type SectionTag, sectionsOf } from "../state/sections.ts";

const names: Record<SectionTag, string> = {
  think: "Thoughts",
  examples: "Examples",
  tool_call: "Tool call",
  response: "Response",
};

/** Long, and seldom what a reward hangs on. */
const foldedAtFirst: ReadonlySet<SectionTag> = new Set(["think", "examples"]);

export function CompletionText({ text }: { text: string }) {
  const sections = useMemo(() => sectionsOf(text), [text]);
  return <Pieces sections={sections} />;
}

function Pieces({ sections }: { sections: readonly Section[] }) {
  return (
    <>
      {sections.map((section, index) => (
        <Piece key={index} section={section} />
      ))}
    </>
  );
}

function Piece({ section }: { section: Section }) {
  if (section.kind === "text") {
    // Line breaks between two blocks are no text of their own.
    if (section.text.trim() === "" && section.text.length < 8) return null;
    // A tag stands on a line of its own, and here it is no line.
    return (
      <pre>
        <HostileText text={section.text.replace(/^\n|\n$/g, "")} />
      </pre>
    );
  }
  if (section.kind === "stray") {
    return (
      <p class="stray">
        <code>{section.text}</code> <span class="warning">closes nothing</span>
      </p>
    );
  }
  const { kind, closed, inner, length } = section;
  return (
    <details class={`section section-${kind}`} open={!foldedAtFirst.has(kind)}>
      <summary>
        <span class="section-name">{names[kind]}</span>{" "}
        {closed ? (
          <span class="dim">{plural(length, "character")}</span>
        ) : (
          <span class="warning">
            <code>{`</${kind}>`}</code> is missing
          </span>
        )}{" "}
        <span class="dim begins">{beginning(inner)}</span>
      </summary>
      <Pieces sections={inner} />
    </details>
  );
}

/** Seen while the section is folded. */
function beginning(inner: readonly Section[]): string {
  const [first] = inner;
  return first?.kind === "text" ? oneLine(first.text.trimStart(), 80) : "";
}
