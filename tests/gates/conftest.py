from tests.desk.conftest import browser_of, street

__all__ = ["browser_of", "street"]
