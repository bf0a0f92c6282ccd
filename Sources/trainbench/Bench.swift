import Foundation
import Tensors
import Networks
@testable import Training
@main struct B { static func main() throws {
  let batch = 128, threads = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1])! : 2
  let n = try TrainableNetwork(Architecture("resnet:32,64/2,128/2+1,192/2+1"), preprocessing: Preprocessing(mean:[0.5,0.5,0.5], standardDeviation:[0.25,0.25,0.25]), shape:[3,64,64], classes:71, batch:batch, seed:1, threads:threads)
  var r = SplitMix64(seed:1)
  let x = Tensor.uniform([batch,3,64,64], using:&r)
  let labels = (0..<batch).map{$0 % 71}
  var u = Updater(.sgd, weightDecay:5e-4, parameters:n.parameters)
  print("params", n.parameterCount, "arena MB", n.arenaBytes>>20, "GMAC/img", n.layers.reduce(0){$0+$1.cost})
  func t(_ name:String,_ b:()->Void)->Double{ let c=ContinuousClock(); let d=c.measure(b); return Double(d.components.seconds)+Double(d.components.attoseconds)*1e-18 }
  let reps = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2])! : 5
  var best=[9.0,9,9,9,9]
  for _ in 0..<reps {
    let f=t("f"){ n.forward(x, mode:.training); _ = n.crossEntropy(labels, smoothing:0.05) }
    let b=t("b"){ n.backward() }
    let up=t("u"){ u.update(n.parameters, rate:0.01, pool:n.pool) }
    let bi=t("bi"){ n.forward(x, mode:.trainingQuietly); _ = n.crossEntropy(labels); n.backward(toWeights:false,toInput:true); _ = n.pictureGradient() }
    for (i,v) in [f,b,up,f+b+up,bi].enumerated() { best[i]=min(best[i],v) }
    print(String(format:"fwd %.3f bwd %.3f upd %.4f  step %.3f   attack %.3f", f,b,up,f+b+up,bi))
  }
  print("best", best)
} }
