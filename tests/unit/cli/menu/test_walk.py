from dataclasses import dataclass, replace

from basetype_benchmark.cli.menu.walk import Step, walk


@dataclass(frozen=True, kw_only=True)
class Wish:
    a: int = 0
    b: int = 0
    c: int = 0


def scripted(name: str, seen: list[tuple[str, Wish]], *answers: int | None) -> Step[Wish]:
    left = list(answers)

    def ask(wish: Wish) -> Wish | None:
        seen.append((name, wish))
        answer = left.pop(0)
        return None if answer is None else replace(wish, **{name: answer})

    return Step(name=name, ask=ask)


def test_the_answers_of_all_steps_come_out() -> None:
    seen: list[tuple[str, Wish]] = []
    steps = [scripted("a", seen, 1), scripted("b", seen, 2)]
    assert walk(steps, Wish()) == Wish(a=1, b=2)


def test_going_back_asks_the_one_before_again_with_its_answer_kept() -> None:
    seen: list[tuple[str, Wish]] = []
    steps = [scripted("a", seen, 1, 5), scripted("b", seen, None, 2)]
    assert walk(steps, Wish()) == Wish(a=5, b=2)
    assert seen == [("a", Wish()), ("b", Wish(a=1)), ("a", Wish(a=1)), ("b", Wish(a=5))]


def test_going_back_at_the_first_leaves() -> None:
    seen: list[tuple[str, Wish]] = []
    steps = [scripted("a", seen, 1, None), scripted("b", seen, None)]
    assert walk(steps, Wish()) is None
    assert [name for name, _ in seen] == ["a", "b", "a"]


def test_what_does_not_apply_is_asked_neither_on_the_way_nor_back() -> None:
    seen: list[tuple[str, Wish]] = []
    never = replace(scripted("b", seen), applies=lambda wish: wish.a == 7)
    steps = [scripted("a", seen, 1, 3), never, scripted("c", seen, None, 4)]
    assert walk(steps, Wish()) == Wish(a=3, c=4)
    assert [name for name, _ in seen] == ["a", "c", "a", "c"]


def test_without_steps_the_wish_stays() -> None:
    assert walk([], Wish(a=1)) == Wish(a=1)
