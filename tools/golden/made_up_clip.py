"""A CLIP of random weights, each a function of its name and place: src/embed/openvino/made_up_clip.cpp makes the same."""
import math

import numpy as np


def splitmix(x):
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def fnv1a(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % (1 << 64)
    return value


def uniform(name, shape):
    """The seed is FNV-1a of the name; then splitmix64; the upper 24 bits are a number in [-1, 1)."""
    count = math.prod(shape)
    with np.errstate(over="ignore"):
        steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(fnv1a(name))
        top = splitmix(steps) >> np.uint64(40)
    return (top.astype(np.float32) * np.float32(2**-23) - np.float32(1)).reshape(shape)


def weight(name, shape):
    """Scales under which every layer keeps the size of its input, and attention is neither flat nor a single peak."""
    if name.endswith(".bias"):
        base, scale = 0, 0.1
    elif "norm" in name or "layrnorm" in name:
        base, scale = 1, 0.5
    elif len(shape) < 2:
        base, scale = 0, 0.5
    else:
        base, scale = 0, math.sqrt(3 / math.prod(shape[1:]))
    return np.float32(base) + np.float32(scale) * uniform(name, shape)


def pictures():
    c, y, x = np.mgrid[0:3, 0:224, 0:224]
    for number in range(2):
        yield np.float32(2) * uniform(f"picture.{number}", (3, 224, 224))
    yield ((x * 7 + y * 13 + c * 31) % 256).astype(np.float32) / np.float32(64) - np.float32(2)
    yield ((x // 16 + y // 16 + c) % 2).astype(np.float32) * np.float32(3) - np.float32(1.5)


def tensors(vision_hidden, vision_layers, patch, text_hidden, text_layers, dimension, side=224, pieces=49_408, positions=77):
    """Names and shapes, as transformers' CLIPModel has them."""
    out = {"vision_model.embeddings.class_embedding": (vision_hidden,),
           "vision_model.embeddings.patch_embedding.weight": (vision_hidden, 3, patch, patch),
           "vision_model.embeddings.position_embedding.weight": ((side // patch) ** 2 + 1, vision_hidden),
           "text_model.embeddings.token_embedding.weight": (pieces, text_hidden),
           "text_model.embeddings.position_embedding.weight": (positions, text_hidden),
           "visual_projection.weight": (dimension, vision_hidden), "text_projection.weight": (dimension, text_hidden)}
    pairs = {"vision_model.pre_layrnorm": (vision_hidden,), "vision_model.post_layernorm": (vision_hidden,),
             "text_model.final_layer_norm": (text_hidden,)}
    for tower, hidden, layers in (("vision_model", vision_hidden, vision_layers), ("text_model", text_hidden, text_layers)):
        for layer in range(layers):
            at = f"{tower}.encoder.layers.{layer}."
            pairs |= {at + "self_attn." + part: (hidden, hidden) for part in ("q_proj", "k_proj", "v_proj", "out_proj")}
            pairs |= {at + "layer_norm1": (hidden,), at + "layer_norm2": (hidden,),
                      at + "mlp.fc1": (4 * hidden, hidden), at + "mlp.fc2": (hidden, 4 * hidden)}
    for name, shape in pairs.items():
        out[name + ".weight"], out[name + ".bias"] = shape, shape[:1]
    return out


def weights(**sizes):
    return {name: weight(name, shape) for name, shape in tensors(**sizes).items()}
