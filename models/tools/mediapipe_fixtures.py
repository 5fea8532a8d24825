"""
What MediaPipe itself makes of small pictures of a person with the networks behind the face and matting graphs, for main/style/graphs.test.ts.

usage: mediapipe_fixtures.py PERSON.jpg UNPACKED OUT      PERSON: e2e/media/astronaut.jpg; UNPACKED: folder with stylizer/ and mediapipe/ (see README.md)

The networks are run by MediaPipe 0.10.14, the package that they were made for: the stylizer's normalisation (the custom operator FusedBatchNormV3) is in no
TFLite interpreter of PyPI but in MediaPipe's. The pictures given to the networks are stored, too, so that nothing depends on a decoder or on how a face is cut out.
"""
import json
import sys
import zipfile

import cv2
import mediapipe
import numpy as np
from mediapipe.calculators.tensor.image_to_tensor_calculator_pb2 import ImageToTensorCalculatorOptions
from mediapipe.calculators.tensor.inference_calculator_pb2 import InferenceCalculatorOptions
from mediapipe.framework.calculator_pb2 import CalculatorGraphConfig
from mediapipe.python import packet_creator, packet_getter
from mediapipe.python._framework_bindings.task_runner import TaskRunner
from mediapipe.tasks.cc.core.proto.model_resources_calculator_pb2 import ModelResourcesCalculatorOptions
from mediapipe.tasks.cc.vision.face_stylizer.proto.face_stylizer_graph_options_pb2 import FaceStylizerGraphOptions

STYLIZER = "mediapipe.tasks.vision.face_stylizer.FaceStylizerGraph"
STYLES = {"sketch": "face_stylizer", "ink": "face_stylizer_color_ink", "oil": "face_stylizer_oil_painting"}
# The stylizer adds noise of its own, which the graphs leave out (models/cards/face-stylegan.md): of this many answers the mean is kept.
RUNS = 8
# About where the face is in astronaut.jpg: centre and side of a square of 1.5 times the face.
FACE = (224.0, 118.0, 190.0, 0.0)
# The landmark square within the aligned one, as main/style/faces/align.ts has it.
LANDMARK_PART = 0.62


def network(side, least, file=None, task=None, runs=1):
    """
    A function from a picture to the float answer of a TFLite `file` (its bytes), or of the stylizer of a `task` (a path). `side`: (width, height) of the
    input; `least` and 1: values of black and white.
    """
    config = CalculatorGraphConfig(input_stream=["IMAGE:picture"], output_stream=["FLOATS:floats"])
    to_tensor = config.node.add(calculator="ImageToTensorCalculator", input_stream=["IMAGE:picture"], output_stream=["TENSORS:given"])
    options = to_tensor.options.Extensions[ImageToTensorCalculatorOptions.ext]
    options.output_tensor_width, options.output_tensor_height = side
    options.keep_aspect_ratio = False
    options.output_tensor_float_range.min, options.output_tensor_float_range.max = least, 1
    resources = config.node.add(calculator="ModelResourcesCalculator", output_side_packet=["MODEL:model"])
    resource_options = resources.options.Extensions[ModelResourcesCalculatorOptions.ext]
    if task is None:
        resource_options.model_file.file_content = file
        config.node.add(calculator="TfLiteCustomOpResolverCalculator", output_side_packet=["OP_RESOLVER:resolver"])
    else:
        # FusedBatchNormV3 comes only with a model that one of MediaPipe's tasks has opened: here the task is there for that, and gets no picture.
        resources.output_side_packet.append("OP_RESOLVER:resolver")
        config.input_stream.append("UNUSED:unused")
        opened = config.node.add(calculator=STYLIZER, input_stream=["IMAGE:unused"], output_stream=["STYLIZED_IMAGE:unused_styled", "IMAGE:unused_image"])
        opened.options.Extensions[FaceStylizerGraphOptions.ext].base_options.model_asset.file_name = task
        resource_options.model_resources_tag = f"unnamed_{STYLIZER.replace('.', '_').lower()}_model_resources"
    inference = config.node.add(
        calculator="InferenceCalculator", input_side_packet=["MODEL:model", "OP_RESOLVER:resolver"], input_stream=["TENSORS:given"], output_stream=["TENSORS:answer"]
    )
    inference.options.Extensions[InferenceCalculatorOptions.ext].delegate.tflite.SetInParent()
    config.node.add(calculator="TensorsToFloatsCalculator", input_stream=["TENSORS:answer"], output_stream=["FLOATS:floats"])
    runner = TaskRunner.create(config)

    def run(picture):
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(picture))
        answers = [runner.process({"picture": packet_creator.create_image(image)})["floats"] for _ in range(runs)]
        return np.mean([packet_getter.get_float_list(answer) for answer in answers], 0)

    return run


def cut(photo, square, pixels):
    """The square (centre x, y, side, angle) of a photo, scaled to `pixels`."""
    x, y, side, angle = square
    across = np.array([np.cos(angle), np.sin(angle)]) * side / pixels
    down = np.array([-across[1], across[0]])
    corner = np.array([x, y]) + (across + down) * (1 - pixels) / 2 - 0.5
    matrix = np.column_stack([across, down, corner])
    return cv2.warpAffine(photo, matrix, (pixels, pixels), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_REPLICATE)


def aligned(points, square):
    """The square that the stylizer wants (models/cards/face-stylegan.md), from landmarks in 0 to 1 of `square`."""
    x, y, side, angle = square
    cos, sin = np.cos(angle), np.sin(angle)
    places = (points[:, :2] - 0.5) * side @ np.array([[cos, sin], [-sin, cos]]) + [x, y]
    left, right, mouth = ((places[a] + places[b]) / 2 for a, b in ((33, 133), (263, 362), (61, 291)))
    eyes = (left + right) / 2
    v, e = mouth - eyes, right - left
    centre = eyes + 0.1 * v
    return (*centre, max(3.6 * np.hypot(*v), 4 * np.hypot(*e)), np.arctan2(e[1] - v[0], e[0] + v[1]))


def main():
    person, unpacked, out = sys.argv[1:]
    photo = cv2.imread(person)[..., ::-1]

    def save(name, levels):
        levels = np.clip(np.round(levels), 0, 255).astype(np.uint8)
        cv2.imwrite(f"{out}/{name}.png", levels[..., ::-1] if levels.ndim == 3 else levels, [cv2.IMWRITE_PNG_COMPRESSION, 9])

    models = f"{unpacked}/stylizer/models"
    landmark_file = zipfile.ZipFile(f"{models}/face_stylizer.task").read("face_landmarks_detector.tflite")
    landmark_model = network((192, 192), 0, file=landmark_file)

    def landmarks(picture):
        """In 0 to 1 of the picture; MediaPipe passes both answers on, one after the other."""
        return landmark_model(picture)[:1434].reshape(478, 3) / 192

    face = aligned(landmarks(cut(photo, FACE, 192)), FACE)
    x, y, side, angle = face
    small = cut(photo, (x, y, side * LANDMARK_PART, angle), 192)
    save("face-landmarks-input", small)
    json.dump([round(float(value), 5) for value in landmarks(small).ravel()], open(f"{out}/face-landmarks.json", "w"))
    picture = cut(photo, face, 256)
    save("face-stylegan-input", picture)
    for style, task in STYLES.items():
        styled = network((256, 256), -1, task=f"{models}/{task}.task", runs=RUNS)(picture).reshape(256, 256, 3)
        # Every other pixel of every other row is enough.
        save(f"face-stylegan-{style}", styled[::2, ::2] * 255)
    # Head and shoulders, and the photo's upper part in 16:9.
    for name, file, size, network_side, columns in (
        ("person-matting", "selfie_segmentation", (96, 96), (256, 256), slice(80, 368)),
        ("person-matting-wide", "selfie_segmentation_landscape", (128, 72), (256, 144), slice(0, 512)),
    ):
        frame = cv2.resize(photo[:288, columns], size, interpolation=cv2.INTER_AREA)
        save(f"{name}-input", frame)
        model = open(f"{unpacked}/mediapipe/mediapipe/modules/selfie_segmentation/{file}.tflite", "rb").read()
        # Scaled here: MediaPipe would count from the pixels' corners rather than their centres, both on the way in and on the way out.
        scaled = cv2.resize(frame, network_side, interpolation=cv2.INTER_LINEAR)
        save(name, network(network_side, 0, file=model)(scaled).reshape(network_side[::-1]) * 255)


if __name__ == "__main__":
    main()
