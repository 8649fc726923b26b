"""Pictures measured and made smaller by the browser, which is there anyway: no library for pictures is needed."""

import base64
import json

OPEN = "await createImageBitmap(await (await fetch('data:image/*;base64,%s')).blob())"


def means(browser, picture, columns, rows):
    """The mean colour (red, green, blue) of each field when a picture is parted into columns and rows.

    The browser must show a page whose policy lets it read what it is given: about:blank.
    """
    return browser.evaluate(
        """(async () => {
            const [columns, rows] = [%d, %d];
            const image = %s;
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            const data = context.getImageData(0, 0, image.width, image.height).data;
            const sums = Array.from({length: rows * columns}, () => [0, 0, 0, 0]);
            for (let y = 0; y < image.height; y += 1) {
                const row = Math.floor(y * rows / image.height) * columns;
                for (let x = 0; x < image.width; x += 1) {
                    const sum = sums[row + Math.floor(x * columns / image.width)];
                    const at = (y * image.width + x) * 4;
                    for (let channel = 0; channel < 3; channel += 1) sum[channel] += data[at + channel];
                    sum[3] += 1;
                }
            }
            return sums.map(([r, g, b, n]) => [r / n, g / n, b / n]);
        })()""" % (columns, rows, OPEN % base64.b64encode(picture).decode()))


def smaller(browser, picture, factor, quality=0.6):
    """A picture at a part of its size, as WebP; with its width and height."""
    made = browser.evaluate(
        """(async () => {
            const image = %s;
            const canvas = new OffscreenCanvas(Math.round(image.width * %s), Math.round(image.height * %s));
            const context = canvas.getContext('2d');
            context.imageSmoothingQuality = 'high';
            context.drawImage(image, 0, 0, canvas.width, canvas.height);
            const blob = await canvas.convertToBlob({type: 'image/webp', quality: %s});
            const bytes = new Uint8Array(await blob.arrayBuffer());
            let text = '';
            for (const byte of bytes) text += String.fromCharCode(byte);
            return [btoa(text), canvas.width, canvas.height];
        })()""" % (OPEN % base64.b64encode(picture).decode(), factor, factor, json.dumps(quality)))
    return base64.b64decode(made[0]), made[1], made[2]


def size(browser, picture):
    """Width and height of a picture."""
    return browser.evaluate(
        "(async () => { const image = %s; return [image.width, image.height]; })()"
        % (OPEN % base64.b64encode(picture).decode()))
