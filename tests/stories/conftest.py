from tests.stories.telling import street

__all__ = ["street"]
