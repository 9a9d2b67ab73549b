"""Made-up people: the same ones in the same order at every start."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

_FIRST = """
Aaliyah Abel Adele Agnes Ahmed Aiko Alba Alejandro Amara Amit Anders Anouk Astrid Bartosz Beatriz Bilal
Bruno Camila Chidi Chloe Daria Dmitri Ebba Elif Emeka Enzo Erik Farah Fatima Felix Freya Gaspard Greta Hana
Hassan Hugo Ida Ines Ingrid Ivan Jada Jonas Julia Kaito Karin Kwame Lars Layla Leonie Linh Luca Magnus Maja
Malik Marta Mateo Mei Milan Nadia Naomi Nils Noor Olena Omar Oskar Paula Pedro Petra Priya Rafael Rania Rosa
Ruben Sakura Samir Sanne Selma Sofia Stefan Tariq Thea Tomas Uma Valentin Vera Viktor Wanda Xenia Yara Yusuf
Zofia
"""
_LAST = """
Abara Adeyemi Akhtar Almeida Andersen Aoki Bakker Banerjee Barros Becker Bianchi Bjork Blanc Bosch Calloway
Cardoso Castillo Chaudhry Chen Conti Cruz Dahl Demir Diallo Dubois Eriksson Esposito Fernandez Ferrari
Fischer Fontaine Fujita Garcia Girard Gupta Haas Haddad Hansen Hernandez Hoang Horvat Ibrahim Ito Jansen
Jensen Kaya Keller Khan Kim Kovacs Kowalski Kruger Larsen Laurent Leclerc Lindqvist Lopez Marino Martins
Mensah Meyer Moreau Mori Mwangi Nakamura Nguyen Nielsen Novak Nowak Okafor Oliveira Osei Park Patel Pereira
Petrov Popescu Quist Rahman Ramos Ricci Rossi Ryan Saito Santos Schmid Silva Singh Sousa Suzuki Tanaka
Teixeira Toth Tran Vega Virtanen Wagner Weber Yilmaz Zhang Zimmer
"""
FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())
STRIDE = 37
"""Steps through the last names; it shares no factor with their number, so neighbours differ."""

NAMESPACE = uuid.UUID("6f6b1f0e-7f0b-4d3c-9a55-2f3f6c1c9d11")


@dataclass(frozen=True, slots=True)
class Name:
    """One made-up person."""

    first: str
    last: str
    number: int
    """0 for the first bearer of the name, then 2, 3, ..."""

    @property
    def slug(self) -> str:
        """The name as one word of an address: `ada-lovelace` or `ada-lovelace-2`."""
        words = f"{self.first}-{self.last}".lower()
        return f"{words}-{self.number}" if self.number else words

    @property
    def username(self) -> str:
        """The name as a user name: `ada.lovelace`."""
        return self.slug.replace("-", ".")

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes that a user pool holds about the person."""
        return {
            "email": f"{self.username}@example.com",
            "name": f"{self.first} {self.last}",
            "given_name": self.first,
            "family_name": self.last,
        }

    @property
    def user_id(self) -> str:
        """An id that is the same at every start."""
        return str(uuid.uuid5(NAMESPACE, self.slug))


def people(count: int) -> Iterator[Name]:
    """Yield that many people, no two alike."""
    pairs = len(FIRST_NAMES) * len(LAST_NAMES)
    for position in range(count):
        round_, place = divmod(position, pairs)
        first = FIRST_NAMES[place % len(FIRST_NAMES)]
        shift = place // len(FIRST_NAMES)
        last = LAST_NAMES[(place * STRIDE + shift) % len(LAST_NAMES)]
        yield Name(first, last, round_ + 1 if round_ else 0)
