/// A class activation map whose channels' weights are means over all places of the layer.
///
/// That suits a scalar that is made of all places alike. One that is read at few places, as a detector's score of a box
/// or a neuron, has its gradient near these, and the mean over a whole map says little of it: methods that weigh place
/// by place, such as LayerCAM and HiResCAM, show where it comes from.
public protocol MeanWeighted: AttributionMethod {}
