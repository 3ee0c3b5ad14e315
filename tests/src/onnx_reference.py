"""onnx_reference.py write FILE | check FILE: models made, and checked, by the onnx package.

write: a float32 model of MatMul, Add, Relu, Gemm (alpha, beta) with data in raw_data and float_data.
check: onnx.checker accepts FILE; prints its operators and the sum of all weights.
Exit status 77 when the package is not installed."""
import sys

try:
    import numpy
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ImportError:
    sys.exit(77)


def write(path):
    first = numpy.array([[1, -2, 0.5], [0.25, 3, -1]], dtype=numpy.float32)
    tensors = [
        numpy_helper.from_array(first, "A"),
        helper.make_tensor("b", TensorProto.FLOAT, [3], [0.5, -0.125, 0]),
        helper.make_tensor("C", TensorProto.FLOAT, [1, 3], [1, 2, 4]),
        helper.make_tensor("d", TensorProto.FLOAT, [1], [8]),
    ]
    nodes = [
        helper.make_node("MatMul", ["y", "A"], ["p"]),
        helper.make_node("Add", ["b", "p"], ["q"]),
        helper.make_node("Relu", ["q"], ["r"]),
        helper.make_node("Gemm", ["r", "C", "d"], ["x"], alpha=2.0, beta=0.5, transB=1),
    ]
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 2])
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 1])
    graph = helper.make_graph(nodes, "test", [y], [x], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
    onnx.checker.check_model(model)
    onnx.save(model, path)


def check(path):
    model = onnx.load(path)
    onnx.checker.check_model(model)
    total = sum(float(numpy_helper.to_array(t).sum()) for t in model.graph.initializer)
    print(" ".join(node.op_type for node in model.graph.node), total)


{"write": write, "check": check}[sys.argv[1]](sys.argv[2])
