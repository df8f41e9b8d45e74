"""Progress of a command on standard error: one line that changes on a terminal, else few lines."""

from django.core.management.base import OutputWrapper

from analytics.enums import RunStage

STEP = 10  # per cent between lines where nobody watches


class ProgressLine:
    """Give it to ``runs.compute(tell=…)``; standard output stays for results."""

    def __init__(self, stream: OutputWrapper):
        self.stream = stream
        self.live = stream.isatty()
        self.said: tuple[int, str] | None = None

    def __call__(self, percent: int, stage: str) -> None:
        words = RunStage(stage).label if stage in RunStage.values else stage
        if self.live:
            self._write(f"\r\033[K{percent:3d} %  {words}")
        elif self.said is None or stage != self.said[1] or percent >= self.said[0] + STEP:
            self.said = (percent, stage)
            self._write(f"{percent:3d} %  {words}\n")

    def end(self) -> None:
        """Leave the terminal an empty line to go on with."""
        if self.live:
            self._write("\r\033[K")

    def _write(self, text: str) -> None:
        # Plain: what a command writes there would else be red, as an error.
        self.stream.write(text, lambda same: same, "")
        self.stream.flush()
