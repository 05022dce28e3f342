/** Text that a model wrote: shown as it is, with what cannot be seen made visible. Preact escapes the rest. */
import { visiblePieces } from "./visible.ts";

export function HostileText({ text }: { text: string }) {
  return (
    <>
      {visiblePieces(text).map((piece, index) =>
        piece.control ? (
          <span key={index} class="control" title={piece.control}>
            {piece.text}
          </span>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}
