from cms.models.curriculum import CurriculumIndexPage, LessonPage
from cms.models.home import HomePage
from cms.models.media import Caption, Film, Paper, Picture, Rendition
from cms.models.toolkit import PracticeCardPage, ToolkitIndexPage

__all__ = [
    "Caption",
    "CurriculumIndexPage",
    "Film",
    "HomePage",
    "LessonPage",
    "Paper",
    "Picture",
    "PracticeCardPage",
    "Rendition",
    "ToolkitIndexPage",
]
