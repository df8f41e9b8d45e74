"""Blocks of pages, one family per file."""

from cms.blocks.questions import QuestionBlock, QuestionValue
from cms.blocks.steps import CardStream, LessonStream, StepBlock

__all__ = ["CardStream", "LessonStream", "QuestionBlock", "QuestionValue", "StepBlock"]
