from tests.desk.conftest import browser_of, newcomer, street

__all__ = ["browser_of", "newcomer", "street"]
