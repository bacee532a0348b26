"""Numbers that cannot belong to anybody: phones begin 100, ID numbers 990000, organisation codes 91990000."""

from datetime import date

from stdnum.cn import ric, uscc


def phone(serial: int) -> str:
    """This function will give the demo phone of a serial number below a hundred million."""
    return f"100{serial:08d}"


def id_no(born: date, serial: int) -> str:
    """This function will give a demo ID number with its right check digit."""
    body = f"990000{born:%Y%m%d}{serial % 1000:03d}"
    return body + str(ric.calc_check_digit(f"{body}0"))


def registration_no(serial: int) -> str:
    """This function will give an organisation code of a region that does not exist, with its right check digit."""
    body = f"91990000{serial:09d}"
    return body + str(uscc.calc_check_digit(body))
