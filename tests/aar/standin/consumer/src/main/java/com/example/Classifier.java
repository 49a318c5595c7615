package com.example;

import android.graphics.Bitmap;
import com.facebook.jni.HybridData;
import org.pytorch.Device;
import org.pytorch.IValue;
import org.pytorch.Module;
import org.pytorch.Tensor;
import org.pytorch.torchvision.TensorImageUtils;

/** Names what an app names: the full JIT's loader, the GPU, torchvision, and a class of the dependencies. */
public final class Classifier {
  private final Module module;
  private HybridData data;

  public Classifier(String path) {
    module = Module.load(path, java.util.Map.of(), Device.VULKAN);
  }

  public float[] classify(Bitmap bitmap) {
    Tensor input =
        TensorImageUtils.bitmapToFloat32Tensor(
            bitmap,
            TensorImageUtils.TORCHVISION_NORM_MEAN_RGB,
            TensorImageUtils.TORCHVISION_NORM_STD_RGB);
    return module.forward(IValue.from(input)).toTensor().getDataAsFloatArray();
  }
}
