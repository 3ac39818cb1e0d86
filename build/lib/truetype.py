#!/usr/bin/env python3
"""Makes a TrueType font of an OpenType font with cubic outlines.

    truetype.py IN[:NUMBER] OUT [--chars gb]

NUMBER is the font's place in a collection. --chars gb keeps the characters of
GB 2312, letters, punctuation and the rest of the table of general standard
characters that the font has; layout features are dropped: a page places every
character itself. Outlines come within 1 unit of a thousand.
"""
import sys

from fontTools import subset
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable

SOURCE_DATE = 3786825600  # 2024-01-01, in seconds since 1904: the same bytes each time


def gb_chars():
    """GB 2312 by its code table, and what papers need besides."""
    out = set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))
    for hi in range(0xA1, 0xF8):
        for lo in range(0xA1, 0xFF):
            try:
                out.update(ord(c) for c in bytes((hi, lo)).decode("gb2312"))
            except UnicodeDecodeError:
                pass
    out.update(ord(c) for c in "〇〔〕—…“”‘’·★●○□■△▲℃‰①②③④⑤⑥⑦⑧⑨⑩喆堃镕珺玥祎䶮旻昇昉晟煜烨焱熠燊赟甯翀")
    return out


def main():
    source, target = sys.argv[1:3]
    path, _, number = source.partition(":")
    font = TTFont(path, fontNumber=int(number or 0), recalcTimestamp=False)
    chars = set(font.getBestCmap())
    if "--chars" in sys.argv:
        chars &= gb_chars()
    options = subset.Options()
    options.layout_features = []
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.glyph_names = False
    options.hinting = False
    options.drop_tables += ["vhea", "vmtx", "VORG", "GSUB", "GPOS", "GDEF", "BASE", "DSIG"]
    s = subset.Subsetter(options)
    s.populate(unicodes=chars)
    s.subset(font)

    order = font.getGlyphOrder()
    glyphs = font.getGlyphSet()
    made = {}
    limit = font["head"].unitsPerEm / 1000
    for name in order:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, limit, reverse_direction=True))
        made[name] = pen.glyph()
    widths = dict(font["hmtx"].metrics)
    font["loca"] = newTable("loca")
    glyf = font["glyf"] = newTable("glyf")
    glyf.glyphOrder = order
    glyf.glyphs = made
    for name in order:
        g = made[name]
        g.recalcBounds(glyf)
        font["hmtx"].metrics[name] = (widths[name][0], getattr(g, "xMin", 0))
    del font["CFF "]
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for key in ("maxZones", "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
                "maxStackElements", "maxSizeOfInstructions", "maxComponentElements", "maxComponentDepth",
                "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours"):
        setattr(maxp, key, 1 if key == "maxZones" else 0)
    font["post"].formatType = 3.0
    font["head"].glyphDataFormat = 0
    font["head"].indexToLocFormat = 1
    font["head"].modified = font["head"].created = SOURCE_DATE
    font.sfntVersion = "\x00\x01\x00\x00"
    font.save(target)


main()
