"""Progress of a command on standard error: one line that changes on a terminal, else few lines."""

from typing import TextIO

from analytics.enums import RunStage

STEP = 10  # per cent between lines where nobody watches


class ProgressLine:
    """Give it to ``runs.compute(tell=…)``; standard output stays for results."""

    def __init__(self, stream: TextIO):
        self.stream = stream
        self.live = stream.isatty()
        self.said: tuple[int, str] | None = None

    def __call__(self, percent: int, stage: str) -> None:
        words = RunStage(stage).label if stage in RunStage.values else stage
        if self.live:
            self.stream.write(f"\r\033[K{percent:3d} %  {words}")
        elif self.said is None or stage != self.said[1] or percent >= self.said[0] + STEP:
            self.said = (percent, stage)
            self.stream.write(f"{percent:3d} %  {words}\n")
        self.stream.flush()

    def end(self) -> None:
        """Leave the terminal an empty line to go on with."""
        if self.live:
            self.stream.write("\r\033[K")
            self.stream.flush()
