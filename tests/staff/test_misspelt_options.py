"""A setting that nothing reads is told, with the one that was meant."""

import pytest
from tiny_course import REPOSITORY
from traitlets.config import Config, PyFileConfigLoader

from course_utils.staff.engine import use_engine
from course_utils.staff.misspelt_options import misspelt_options


@pytest.mark.parametrize(
    ("section", "option", "told"),
    [
        ("Excute", "timeout", "c.Excute is nobody's section; did you mean c.Execute?"),
        (
            "Execute",
            "tiemout",
            "c.Execute.tiemout is no setting of Execute; did you mean timeout?",
        ),
        (
            "ExecuteSubmission",
            "memry",
            "c.ExecuteSubmission.memry is no setting of ExecuteSubmission; did you mean memory?",
        ),
        ("CourseDirectory", "zzz", "c.CourseDirectory.zzz is no setting of CourseDirectory"),
    ],
)
def test_a_misspelt_setting_is_told_with_the_one_that_was_meant(section, option, told):
    config = Config()
    use_engine(config)
    config[section][option] = 60
    assert misspelt_options(config) == [told]


def test_the_courses_own_configuration_and_other_programs_settings_are_left_alone():
    config = PyFileConfigLoader("nbgrader_config.py", path=str(REPOSITORY)).load_config()
    config.ServerApp.port = 8888
    config.LabApp.dev_mode = False
    assert misspelt_options(config) == []
