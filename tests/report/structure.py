"""structure.py PAGE: what Python's parser finds in a page, as JSON; what is not well-formed, under "errors"."""

import json
import sys
from html.parser import HTMLParser

VOID = {"meta", "br", "link", "img", "input", "hr"}
SHAPES = {"path", "rect"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open = []
        self.errors = []
        self.tags = {}
        self.attributes = set()
        self.ids = []
        self.targets = []
        self.headings = []
        self.tables = {}
        self.table = None
        self.text = []
        self.title = ""
        self.policy = ""
        self.lang = None
        self.unscoped = 0
        self.notes = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if len(attributes) != len(attrs):
            self.errors.append(f"{tag} has an attribute twice")
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.attributes |= set(attributes)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        for name in ("href", "src"):
            if name in attributes:
                self.targets.append(attributes[name])
        self.targets += ["#" + name for name in attributes.get("aria-labelledby", "").split()]
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy":
            self.policy = attributes["content"]
        if tag == "html":
            self.lang = attributes.get("lang")
        if tag == "th" and "scope" not in attributes:
            self.unscoped += 1
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.table = self.tables[attributes.get("id", "")] = []
        elif tag == "tr":
            self.table.append([])
        elif tag in ("td", "th"):
            self.table[-1].append("")
        if tag not in VOID | SHAPES:
            self.open.append((tag, attributes.get("class", "")))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in SHAPES:
            self.errors.append(f"{tag} ends itself")

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.errors.append(f"line {self.getpos()[0]}: </{tag}> within {[name for name, _ in self.open]}")
            return
        self.open.pop()
        if tag == "table":
            self.table = None

    def handle_data(self, data):
        names = [name for name, _ in self.open]
        if "style" in names:
            return
        if names[-1:] == ["title"] and "svg" not in names:
            self.title += data
        if "main" in names and "svg" not in names:
            self.text.append(data)
        if self.table and ("td" in names or "th" in names):
            self.table[-1][-1] += data
        if any(name == "section" and kind.startswith("note") for name, kind in self.open):
            self.notes.append(data)

    def handle_comment(self, data):
        self.errors.append(f"a comment: {data}")


page = Page()
with open(sys.argv[1], encoding="utf-8", errors="strict") as file:
    page.feed(file.read())
page.close()
page.errors += [f"{name} is not ended" for name, _ in page.open]
page.errors += [f"id {name} twice" for name in set(page.ids) if page.ids.count(name) > 1]
page.errors += [f"{target} is nowhere" for target in page.targets if target[1:] not in page.ids]
steps = zip(page.headings, page.headings[1:])
page.errors += [f"h{after} after h{before}" for before, after in steps if after > before + 1]
if page.headings.count(1) != 1:
    page.errors.append(f"{page.headings.count(1)} h1")
if page.unscoped:
    page.errors.append(f"{page.unscoped} th without a scope")
json.dump(
    {
        "errors": page.errors,
        "tags": page.tags,
        "attributes": sorted(page.attributes),
        "tables": page.tables,
        "title": page.title,
        "policy": page.policy,
        "lang": page.lang,
        "text": " ".join("".join(page.text).split()),
        "notes": " ".join("".join(page.notes).split()),
    },
    sys.stdout,
)
