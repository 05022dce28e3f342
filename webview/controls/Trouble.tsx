/** Why something cannot be shown, and the way to try again. */
import { visibleText } from "../text/visible.ts";
import { Button } from "./Button.tsx";
import { Icon } from "./Icon.tsx";

export function Trouble({ problem, retry }: { problem: string; retry(): void }) {
  return (
    <div class="notice" role="alert">
      <Icon name="warning" />
      <p>{visibleText(problem)}</p>
      <Button onClick={retry}>Retry</Button>
    </div>
  );
}
