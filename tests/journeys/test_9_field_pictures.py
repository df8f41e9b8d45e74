"""Pictures beside records: bare, small, and sent in pieces that are never sent twice."""

import pytest

pytestmark = pytest.mark.journey

# A picture of noise, which no compression makes small.
NOISE = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 900 });
  const drawn = canvas.getContext("2d").createImageData(1200, 900);
  for (let at = 0; at < drawn.data.length; at += 65536) {
    crypto.getRandomValues(drawn.data.subarray(at, at + 65536));
  }
  for (let at = 3; at < drawn.data.length; at += 4) drawn.data[at] = 255;
  canvas.getContext("2d").putImageData(drawn, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}"""


def test_picture_is_shrunk_and_says_nothing_of_place_and_device(phone):
    phone.open()
    told = phone.page.evaluate(
        """async () => {
          const { shrink } = await import("/static/js/field/attachments.js");
          const canvas = document.createElement("canvas");
          Object.assign(canvas, { width: 2400, height: 1200 });
          canvas.getContext("2d").fillRect(0, 0, 1200, 1200);
          const plain = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg"));
          const bytes = new Uint8Array(await plain.arrayBuffer());
          const note = new TextEncoder().encode("Exif\\0\\0GPS 19.4 N 99.1 W");
          const exif = Uint8Array.from([0xff, 0xe1, 0, note.length + 2, ...note]);
          const taken = new Blob([bytes.slice(0, 2), exif, bytes.slice(2)], { type: "image/jpeg" });
          const shrunk = await shrink(taken);
          const size = await createImageBitmap(shrunk);
          const said = async (blob) => (await blob.text()).includes("GPS");
          return [await said(taken), await said(shrunk), size.width, size.height, shrunk.type];
        }"""
    )

    assert told == [True, False, 1600, 800, "image/jpeg"]


def test_pictures_are_off_unless_the_programme_wants_them(mentor):
    told = mentor.wrong(f"await engine.attachments.add(await ({NOISE})());")

    assert told == "attachments_off"


def test_collect_7356_picture_goes_on_where_the_network_left_it(phone, office):
    with office.with_settings(TRENZA_FIELD_ATTACHMENTS="yes"):
        phone.sign_in()
        sent = []
        phone.context.on(
            "request",
            lambda asked: (
                sent.append(int(asked.headers["upload-offset"]))
                if asked.method == "PATCH"
                else None
            ),
        )
        added = phone.do(f"return engine.attachments.add(await ({NOISE})());")
        # The network goes after two pieces.
        phone.context.route(
            "**/api/field/blobs/**",
            lambda route: route.abort() if len(sent) > 2 else route.continue_(),
        )
        phone.send()
        assert [one["sha256"] for one in phone.do("return engine.attachments.list();")] == [
            added["sha256"]
        ]
        phone.context.unroute("**/api/field/blobs/**")
        lost = sent.pop()

        phone.reload()
        phone.until("status => status.signedIn && !status.sending")
        phone.send()

        assert added["type"] == "image/jpeg"
        assert sent == list(range(0, added["size"], 128 * 1024))
        assert lost in sent
        assert phone.do("return engine.attachments.list();") == []


def test_picture_that_cannot_be_read_says_so(phone, office):
    with office.with_settings(TRENZA_FIELD_ATTACHMENTS="yes"):
        phone.sign_in()

        told = phone.wrong("await engine.attachments.add(new Blob(['no picture']));")

    assert told == "picture"
