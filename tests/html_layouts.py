"""Pages as sites lay them out: our own bulletin among menus, lists and feet of many kinds."""

from dataclasses import dataclass
from html import escape

MASTHEAD = ("云州质协工作简报", "第二十七期", "云州质量协会秘书处　2024年3月8日")
TITLE = "江澜市质量协会：先摸底，再开工"
PROSE = (
    "江澜市质量协会组织专家走访了二十家会员企业，帮助它们恢复生产，解决了四十三个问题。",
    "云州省质量协会把线上课程排成两期，报名的班组长超过两千人，最远的来自边境的三座水电厂。",
    "下一步，协会将把常见问题编成小册子，送到每一个班组长手里，并在网上公开答疑的记录。",
)
RECEIVERS = ("报送：云州质协理事会", "发送：各会员单位")
BODY = (*MASTHEAD, TITLE, *PROSE, *RECEIVERS)
MENU = ("首页", "协会概况", "新闻动态", "通知公告", "质量论坛", "标准园地", "教育培训", "联系我们")
NEWS = (
    "云州质协召开第六届理事会第三次会议",
    "关于组织开展二〇二四年质量月活动的通知",
    "全省质量管理小组成果交流会在江澜举行",
    "东湾泵业公司通过卓越绩效模式现场评审",
)
FOOT = (
    "版权所有：云州质量协会",
    "地址：云州市临江路一号",
    "云ICP备00000000号",
    "您是第 20240308 位访客",
)


@dataclass(frozen=True)
class Layout:
    """A page, the lines that are its text, and those that are the site's."""

    name: str
    page: str
    body: tuple[str, ...]
    site: tuple[str, ...]


def links(texts: tuple[str, ...], form: str = "{}", between: str = "") -> str:
    return between.join(
        form.format(f'<a href="/{n}.html">{escape(text)}</a>') for n, text in enumerate(texts)
    )


def each(texts: tuple[str, ...], form: str = "<p>{}</p>") -> str:
    return "".join(form.format(escape(text)) for text in texts)


def whole(inside: str) -> str:
    return (
        f"<!DOCTYPE html><html><head><title>第二十七期</title></head><body>{inside}</body></html>"
    )


def _old_tables() -> Layout:
    """Tables within tables, as pages of offices were made for a decade."""
    menu = f"<table><tr>{links(MENU, '<td>{}</td>')}</tr></table>"
    rows = each((*MASTHEAD, TITLE), "<tr><td align=center><font>{}</font></td></tr>")
    text = "<br>".join((*PROSE, *RECEIVERS))
    tools = "<tr><td>【字体：大 中 小】【打印本页】【关闭窗口】</td></tr>"
    body = f"<table>{rows}<tr><td><table><tr><td>{text}</td></tr></table></td></tr>{tools}</table>"
    side = f"<table>{links(NEWS, '<tr><td>{}</td></tr>')}</table>"
    foot = f"<table><tr><td>{'<br>'.join(FOOT)}</td></tr></table>"
    page = f"{menu}<table><tr><td>{side}</td><td>{body}</td></tr></table>{foot}"
    site = (*MENU, *NEWS, "【字体：大 中 小】【打印本页】【关闭窗口】", *FOOT)
    return Layout("old tables", whole(page), BODY, site)


def _bars() -> Layout:
    menu = f"<center>{links(MENU, between=' | ')}</center>"
    return Layout("bars between", whole(f"{menu}{each(BODY)}"), BODY, (" | ".join(MENU),))


def _divs() -> Layout:
    menu = f"<div id=menu>{links(MENU)}</div>"
    foot = f"<div id=foot>{each(FOOT, '<div>{}</div>')}</div>"
    page = f"{menu}<div class=c>{each(BODY, '<div>{}</div>')}</div>{foot}"
    return Layout("plain divs", whole(page), BODY, ("".join(MENU), *FOOT))


def _lists() -> Layout:
    trail = (
        "<div>您现在的位置：<a href='/'>首页</a> &gt; <a href='/j/'>工作简报</a> &gt; 正文</div>"
    )
    menu = f"<ul>{links(MENU, '<li>{}</li>')}</ul>"
    site = (*MENU, "您现在的位置：首页 > 工作简报 > 正文")
    return Layout("lists and a trail", whole(f"{menu}{trail}{each(BODY)}"), BODY, site)


def _scripted() -> Layout:
    menu = "".join(f'<div onclick="go({n})">{word}</div>' for n, word in enumerate(MENU))
    return Layout("menu of scripts", whole(f"<div>{menu}</div>{each(BODY)}"), BODY, MENU)


def _related() -> Layout:
    dated = "".join(
        f"<li><a href='/{n}'>{text}</a> 2024-03-0{n + 1}</li>" for n, text in enumerate(NEWS)
    )
    after = f"<div><h3>相关新闻</h3><ul>{dated}</ul></div><div>分享到：微信 微博 QQ空间</div>"
    near = f"<p>上一篇：<a href='/1'>{NEWS[0]}</a></p><p>下一篇：<a href='/2'>{NEWS[1]}</a></p>"
    site = (
        *("相关新闻", "分享到：微信 微博 QQ空间"),
        *(f"{text} 2024-03-0{n + 1}" for n, text in enumerate(NEWS)),
        *(f"上一篇：{NEWS[0]}", f"下一篇：{NEWS[1]}"),
    )
    return Layout("related news", whole(f"<div>{each(BODY)}</div>{near}{after}"), BODY, site)


def _sidebar() -> Layout:
    side = f"<div class=left><div>通知公告</div><ul>{links(NEWS, '<li>{}</li>')}</ul></div>"
    top = f"<div>{links(('设为首页', '加入收藏', '网站地图'))}</div>"
    page = f"{top}<div>{side}<div class=right>{each(BODY)}</div></div>"
    return Layout("sidebar", whole(page), BODY, (*NEWS, "设为首页加入收藏网站地图"))


def _flat() -> Layout:
    """Everything in one element, parted by line breaks alone."""
    text = "<br>".join((*BODY, "版权所有：云州质量协会　技术支持：云州网络"))
    menu = links(MENU, between="&nbsp;&nbsp;")
    site = ("\u00a0\u00a0".join(MENU), "版权所有：云州质量协会　技术支持：云州网络")
    return Layout("line breaks", whole(f"{menu}<br>{text}"), BODY, site)


def _attachments() -> Layout:
    files = (
        "附件一：走访企业名单.doc",
        "附件二：课程表.xls",
        "附件三：答疑记录.pdf",
        "附件四：照片.zip",
    )
    listed = "".join(
        f'<p><a href="/files/{n}.{text[-3:]}">{text}</a></p>' for n, text in enumerate(files)
    )
    page = f"<ul>{links(MENU, '<li>{}</li>')}</ul>{each(BODY)}<div>{listed}</div>"
    return Layout("attachments", whole(page), (*BODY, *files), MENU)


def _contents() -> Layout:
    here = "".join(f"<li><a href='#{n}'>{text}</a></li>" for n, text in enumerate(NEWS))
    page = f"<div>{links(MENU)}</div><p>本期目录</p><ul>{here}</ul>{each(BODY)}"
    return Layout("contents", whole(page), ("本期目录", *NEWS, *BODY), ("".join(MENU),))


def _contents_elsewhere() -> Layout:
    listed = f"<h3>本期导读</h3><ul>{links(NEWS, '<li>{}</li>')}</ul>"
    page = f"<div>{links(MENU)}</div>{listed}{each(BODY)}"
    return Layout("contents elsewhere", whole(page), ("本期导读", *NEWS, *BODY), ("".join(MENU),))


def _linked_names() -> Layout:
    names = ("江澜市轴承厂有限责任公司", "东湾泵业公司", "石桥齿轮公司")
    listed = f"<table>{links(names, '<tr><td>{}</td></tr>')}</table>"
    body = (
        f"{each(BODY[:5])}<p>走访的企业有以下各家，名单按走访先后排列：</p>{listed}{each(BODY[5:])}"
    )
    text = (*BODY[:5], "走访的企业有以下各家，名单按走访先后排列：", *names, *BODY[5:])
    return Layout("linked names", whole(f"<div>{links(MENU)}</div>{body}"), text, ("".join(MENU),))


def _masthead_in_the_head() -> Layout:
    """The masthead lies in the same table as the menu."""
    head = f"<table><tr><td>{MASTHEAD[0]}</td></tr><tr><td>{links(MENU)}</td></tr></table>"
    page = f"{head}{each(BODY[1:], '<div>{}</div>')}"
    return Layout("masthead beside the menu", whole(page), BODY, ("".join(MENU),))


def _only_links() -> Layout:
    """A list of bulletins and nothing else: all that there is to read."""
    page = f"<div>{links(('首页', '工作简报'))}</div>{links(NEWS, '<p>{}</p>')}"
    return Layout("nothing but links", whole(page), NEWS, ())


def _words_of_sites_in_prose() -> Layout:
    prose = (
        "法院依法打击侵犯版权所有人权益的行为，并为企业提供技术支持：培训、诊断和上门服务。",
        "协会首页的访问量：上月两万人次，比去年同期增长三成，联系我们的企业也多了起来。",
        "信息中心维护了二十台服务器，网站管理的责任落实到人，没有发生一起事故。",
    )
    page = f"<div>{links(MENU)}</div>{each((*BODY[:5], *prose))}"
    return Layout("words of sites in prose", whole(page), (*BODY[:5], *prose), ("".join(MENU),))


def _short_text() -> Layout:
    notice = (
        "关于调整值班电话的通知",
        "各会员单位：",
        "值班安排自三月起调整，请相互转告。",
        "特此通知。",
        "云州质协",
    )
    page = (
        f"<div>{links(MENU * 3)}</div><ul>{links(NEWS * 4, '<li>{}</li>')}</ul>{each(notice)}"
        f"<ul>{links(NEWS * 4, '<li>{}</li>')}</ul><div>{each(FOOT)}</div>"
    )
    return Layout("a short text among much", whole(page), notice, (*NEWS, *FOOT, "".join(MENU * 3)))


def _wrapped_in_an_anchor() -> Layout:
    """A name that was never closed: the whole text stands in a link that leads nowhere."""
    page = f"<div>{links(MENU)}</div><a name=top><div>{each(BODY)}</div>"
    return Layout("unclosed anchor", whole(page), BODY, ("".join(MENU),))


LAYOUTS = (
    *(_old_tables(), _bars(), _divs(), _lists(), _scripted(), _related(), _sidebar(), _flat()),
    *(_attachments(), _contents(), _contents_elsewhere(), _linked_names()),
    *(_masthead_in_the_head(), _only_links(), _words_of_sites_in_prose(), _short_text()),
    _wrapped_in_an_anchor(),
)
