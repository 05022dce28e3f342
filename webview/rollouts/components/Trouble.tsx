/** Why something cannot be shown, and the way to try again. */
import { Icon } from "../../controls/Icon.tsx";
import { Button } from "../../controls/index.tsx";

export function Trouble({ problem, retry }: { problem: string; retry(): void }) {
  return (
    <div class="notice" role="alert">
      <Icon name="warning" />
      <p>{problem}</p>
      <Button onClick={retry}>Retry</Button>
    </div>
  );
}
